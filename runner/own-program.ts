import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Programs that a runner starts in a process of their own; a build has a bundle of each by this name. */
const sources = {
  guardian: 'families/postgresql/switchover/guardian-main.ts',
  load: 'runner/load/main.ts',
} as const

const repository = join(import.meta.dirname, '..')
const fromSource = import.meta.filename.endsWith('.ts')

/** How Node starts a program of the product: flags of Node, then its file. */
export function ownProgram(name: keyof typeof sources): {
  readonly execArgv: readonly string[]
  readonly file: string
} {
  if (!fromSource) return { execArgv: [], file: join(repository, 'dist', `${name}.js`) }
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return { execArgv: ['--import', loader], file: join(repository, sources[name]) }
}
