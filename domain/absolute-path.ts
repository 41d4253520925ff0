import { z } from 'zod'
import { wanted } from './schema-problems.ts'

/** A path on a host. No control characters: it is also written into units and configuration, where a line break begins a new line. */
export const AbsolutePath = z
  .string()
  .max(4000)
  .regex(/^\/[^\p{Cc}\p{Zl}\p{Zp}]*$/u, first('path-absolute'))
  .refine((path) => !path.split('/').includes('..'), first('path-without-parent'))

/** A file: never a folder by its spelling, nor the root. */
export const FilePath = AbsolutePath.regex(/[^/]$/, first('path-without-slash'))

/** A path that may be removed: at least two levels below the root, since a slip of the pen must not take a whole system. */
export const RemovablePath = FilePath.refine(
  (path) => /^\/[^/]+\//.test(path) && parts(path).length >= 2,
  first('path-deep'),
)

const ofTheSystem = /^\/(?:bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|run|sbin|sys|usr)\//

/** Folders in which each system has its own. */
const shared = /^\/(?:var\/(?:lib|log|www|spool|cache|tmp)|usr\/local)$/

/** A folder of one system: it is copied into with what is not there removed, and wiped in the end. */
export const OwnFolder = RemovablePath.refine((path) => {
  const plain = `/${parts(path).join('/')}`
  return (!ofTheSystem.test(plain) || plain.startsWith('/usr/local/')) && !shared.test(plain)
}, wanted('folder-of-system'))

/** A file that is written for a system: no folder that every system has, and nothing that the kernel shows as files. */
export const ConfigFile = FilePath.refine((path) => {
  const [top = '', ...below] = parts(path)
  return below.length > 0 && !['boot', 'dev', 'proc', 'run', 'sys'].includes(top)
}, wanted('file-of-system'))

/** Of several things wrong with a path the first is told. */
function first(code: Parameters<typeof wanted>[0]) {
  return { error: wanted(code), abort: true }
}

/** Whether one folder is the other, or lies in it: it would be copied and wiped with it. */
export function foldersOverlap(one: string, other: string): boolean {
  const [a, b] = [`${one}/`, `${other}/`]
  return a.startsWith(b) || b.startsWith(a)
}

/** The names a path goes by, without what makes no difference. */
function parts(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
