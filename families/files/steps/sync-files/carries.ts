import type { Said } from '../../../../domain/words/message.ts'
import { said } from '../../../../domain/words/said.ts'
import { quote } from '../../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../../runner/steps/kind.ts'
import { RsyncMissingError } from './errors.ts'
import type { SyncFilesParams } from './params.ts'

/** What of a file's attributes a pass carries and compares, beside content, mode, time and links. */
export interface Carries {
  readonly acls: boolean
  /** Those of the `user` namespace. */
  readonly xattrs: boolean
  /** File capabilities: they lend rights, as set-user-id does, so they go with the owners only. */
  readonly capabilities: boolean
  /** Why an attribute is not carried, a word each. */
  readonly because: readonly Said[]
}

/** What one end can do. */
interface End {
  readonly host: string
  readonly isRoot: boolean
  readonly version: readonly [major: number, minor: number]
  readonly without: readonly string[]
  readonly fileSystem: string
}

/** File systems that keep neither POSIX ACLs nor attributes of users. */
const plainFileSystems = /^(msdos|vfat|exfat|ntfs\w*|fuse\w*|cifs|smb\w*|nfs\w*|v9fs|hfs\w*|isofs|UNKNOWN.*)$/

/**
 * What both ends can carry: of rsync as it is built there, of the file systems, and of the login users. @throws
 * RsyncMissingError
 */
export async function findCarries(
  params: SyncFilesParams,
  context: { readonly host: (name: string) => HostPort; readonly signal: AbortSignal },
): Promise<Carries> {
  const [from, to] = await Promise.all(
    [params.from, params.to].map(async ({ host, path }) =>
      lookAtEnd(context.host(host), path, context.signal),
    ),
  )
  if (from === undefined || to === undefined) throw new TypeError('a synchronisation has two ends')
  return carriesBetween(params, from, to)
}

function carriesBetween(params: SyncFilesParams, from: End, to: End): Carries {
  const because: Said[] = []
  const can = (what: 'acls' | 'xattrs', word: string): boolean => {
    if (params.without.includes(what)) {
      because.push(said('attributes-left-out', { what: said(`not-compared-${what}`) }))
      return false
    }
    for (const end of [from, to]) {
      const why = end.without.includes(word)
        ? said('rsync-built-without')
        : what === 'xattrs' && isBefore(end.version, [3, 1])
          ? said('rsync-too-old', { version: end.version.join('.') })
          : plainFileSystems.test(end.fileSystem)
            ? said('file-system-without', { fileSystem: end.fileSystem })
            : undefined
      if (why === undefined) continue
      because.push(
        said('attributes-not-possible', { what: said(`not-compared-${what}`), host: end.host, why }),
      )
      return false
    }
    return true
  }
  const acls = can('acls', 'ACLs')
  const xattrs = can('xattrs', 'xattrs')
  const capabilities = xattrs && params.owners && to.isRoot
  if (!capabilities) because.push(said(params.owners ? 'capabilities-need-root' : 'owners-not-asked'))
  return { acls, xattrs, capabilities, because }
}

async function lookAtEnd(host: HostPort, path: string, signal: AbortSignal): Promise<End> {
  // The nearest folder that is there says on which file system the others will be made.
  const { stdout } = await host.run(
    `id -u
command -v rsync >/dev/null 2>&1 && echo there || echo missing
place=${quote(path)}
while [ ! -e "$place" ] && [ -n "$place" ]; do place=\${place%/*}; done
stat -f -c %T "\${place:-/}" 2>/dev/null || echo UNKNOWN
rsync --version 2>/dev/null`,
    { signal, okExitCodes: [0, 127] },
  )
  const [uid, there, fileSystem = '', ...version] = stdout.split('\n')
  if (there !== 'there') throw new RsyncMissingError(host.name)
  const [, major, minor] = /version\s+v?(\d+)\.(\d+)/.exec(version.join('\n')) ?? []
  const without = [...version.join(' ').matchAll(/\bno (\w+)/g)].map(([, what = '']) => what)
  return {
    host: host.name,
    isRoot: uid === '0',
    version: [Number(major ?? 0), Number(minor ?? 0)],
    without,
    fileSystem: fileSystem.trim(),
  }
}

function isBefore([major, minor]: readonly [number, number], than: readonly [number, number]): boolean {
  return major < than[0] || (major === than[0] && minor < than[1])
}

/** rsync's options for it. The filters bear on names of attributes alone, at both ends. */
export function carryingFlags({ acls, xattrs, capabilities }: Carries): string[] {
  return [...(acls ? ['-A'] : []), ...(xattrs ? ['-X', ...xattrFilters(capabilities)] : [])]
}

export function xattrFilters(capabilities: boolean): string[] {
  return ['+x user.*', ...(capabilities ? ['+x security.capability'] : []), '-x *'].map(
    (rule) => `--filter=${rule}`,
  )
}

/** What nothing of this kind carries or compares, as far as it depends on the parameters. */
export function notComparedBy(params: SyncFilesParams, carries: Carries): readonly Said[] {
  return [
    ...(params.checksum ? [] : [said('not-compared-content')]),
    ...carries.because,
    ...(params.without.includes('holes')
      ? [said('attributes-left-out', { what: said('not-compared-holes') })]
      : []),
    ...(params.scope === 'changed' ? [said('not-compared-unchanged')] : []),
    ...(params.delete ? [] : [said('not-compared-extra-files')]),
    ...(params.newer === 'keep' ? [said('not-compared-newer')] : []),
    ...(params.exclude.length === 0 ? [] : [said('not-compared-excluded', { patterns: params.exclude })]),
    said('not-compared-flags'),
  ]
}
