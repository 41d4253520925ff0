import { StringDecoder } from 'node:string_decoder'
import { quote, quoteAll } from '../../../../runner/ssh/quote.ts'
import { type Carries, carryingFlags, xattrFilters } from './carries.ts'
import { UnexpectedRsyncOptionError } from './errors.ts'
import { keepingOptions, keepingScript } from './kept.ts'
import type { PassStats, SyncFilesParams } from './params.ts'
import { scopeScript } from './scope.ts'

const announcement = 'qianyun-rsync-server'

/**
 * Neither host can log in to the other, so rsync's own "remote shell" is a relay: it says which server rsync wants and
 * ties rsync to the session's standard input and output, which the runner joins to that server on the other host.
 * It ends with the server's last byte, as ssh does: rsync waits for that with its own end still open.
 */
const relay = [
  'shift',
  `printf ${announcement} >&2`,
  `printf ' %s' "$@" >&2`,
  'echo >&2',
  'exec 5<&0',
  'cat <&5 >&4 & up=$!',
  'cat <&3',
  'kill $up 2>/dev/null',
].join('\n')

export interface PassOptions {
  readonly carries: Carries
  readonly dryRun: boolean
  readonly checksum: boolean
  /**
   * Nobody waits for the pass, and much may happen behind its back: it goes only into a folder that is there (one that was
   * wiped stays wiped), and both ends give up by themselves when bytes stop coming.
   */
  readonly unattended?: boolean
}

const unattendedTimeout = '--timeout=30'

/** The script for the host the files come from. `record` is the shell word of the record of what was carried. */
export function clientScript(params: SyncFilesParams, options: PassOptions, record: string): string {
  return [
    'exec 3<&0 4>&1',
    scopeScript(params, record),
    `export QIANYUN_RELAY=${quote(relay)}`,
    `rsync "$@" ${quoteAll(flags(params, options))} -e 'sh -c '"'"'eval "$QIANYUN_RELAY"'"'"' relay' ${quote(`${params.from.path}/`)} relay:there </dev/null >&2 3<&3 4>&4`,
  ].join('\n')
}

/** The same pass on one host, into an empty folder: what a first pass to a place that is not there yet would do. */
export function emptyPassScript(params: SyncFilesParams, carries: Carries): string {
  const options = { carries, dryRun: true, checksum: false }
  return [
    'empty=$(mktemp -d) || exit 1',
    `rsync -r ${quoteAll(flags(params, options))} ${quote(`${params.from.path}/`)} "$empty/" >&2`,
    'code=$?',
    'rmdir "$empty"',
    'exit $code',
  ].join('\n')
}

function flags(params: SyncFilesParams, { carries, dryRun, checksum, unattended }: PassOptions): string[] {
  return [
    // Times of folders change with every file that comes or goes on either side; they are nobody's content.
    '-lptHO',
    // Pipes and sockets; a device would be a door to the other host's hardware.
    '--specials',
    ...(params.without.includes('holes') ? [] : ['-S']),
    ...carryingFlags(carries),
    // Without the owners, set-user-id and set-group-id would lend rights to somebody else, or silently not stick.
    ...(params.owners ? ['-og', '--numeric-ids'] : ['--chmod=ug-s']),
    ...(dryRun ? ['-n'] : []),
    ...(checksum ? ['--checksum'] : []),
    ...(unattended === true ? [unattendedTimeout] : []),
    '--itemize-changes',
    '--stats',
    ...(params.delete ? ['--delete'] : []),
    ...(params.newer === 'keep' ? ['--update'] : []),
    ...params.exclude.map((pattern) => `--exclude=${pattern}`),
  ]
}

/**
 * The script for the host the files go to, from the line with which the relay announced the server. The options must be
 * those that were asked for: the host the files come from has no say in what runs here. The path is the step's own.
 * @throws UnexpectedRsyncOptionError
 */
export function serverScript(params: SyncFilesParams, announced: string, options: PassOptions): string {
  const words = announced.split(' ')
  const [program = '', mode = '', short = '', ...rest] = words
  const long = rest.slice(0, rest.indexOf('.'))
  const asked = new Set([
    '--log-format=%i',
    '--stats',
    '--specials',
    ...(params.delete ? ['--delete', '--delete-during'] : []),
    ...(params.owners ? ['--numeric-ids'] : []),
    ...(options.checksum || params.scope === 'changed' ? ['--checksum'] : []),
    ...(options.unattended === true ? [unattendedTimeout] : []),
  ])
  const unexpected = [
    program === 'rsync' ? undefined : program,
    mode === '--server' ? undefined : mode,
    lettersAsked(params, options).test(short) ? undefined : short,
    ...long.map((option) => (asked.has(option) ? undefined : option)),
  ].find((word) => word !== undefined)
  if (unexpected !== undefined) throw new UnexpectedRsyncOptionError(params.from.host, unexpected)
  const path = quote(params.to.path)
  // Which attributes are compared is not passed on by rsync itself unless files are removed.
  const filters = options.carries.xattrs ? xattrFilters(options.carries.capabilities) : []
  const { unattended = false, dryRun } = options
  const keeping = dryRun ? '' : keepingOptions(unattended)
  const server = `exec rsync --server ${quoteAll([short, ...filters, ...long])} ${keeping} .`
  if (dryRun) return `${server} ${path}`
  const prepared = keepingScript(params.to.path, unattended)
  // From within: rsync makes a folder it is given by name, but not one that has gone from under it.
  if (unattended) return `cd ${path} || exit\n${prepared}\n${server} .`
  // rsync gives every entry its mode; the folders above are made by nobody's mask but this one.
  return `(umask 022 && mkdir -p ${path}) || exit\n${prepared}\n${server} ${path}`
}

/** The one-letter options. A dry run has to be announced as one, or it would write. */
function lettersAsked(params: SyncFilesParams, { carries, dryRun, checksum }: PassOptions): RegExp {
  const attributes = `${carries.acls ? 'A' : ''}${carries.xattrs ? 'X' : ''}${params.without.includes('holes') ? '' : 'S'}`
  const letters = `vlHOtprz${params.scope === 'changed' ? 'dRc' : ''}${attributes}${dryRun ? 'n' : ''}${checksum ? 'c' : ''}${params.owners ? 'og' : ''}${params.newer === 'keep' ? 'u' : ''}`
  return new RegExp(`^-${dryRun ? '(?=[a-zA-Z]*n)' : ''}[${letters}]+(e\\d*\\.[A-Za-z]*)?$`)
}

const itemized = /^(\*deleting {3}|[<>ch.][fdLDS][.+?cstpoguaxnbT ]{9} )/
const skips = /^skipping non-regular file "(.*)"$/
const namedSkips = 5
const figures: readonly (readonly [keyof Omit<PassStats, 'skipped'>, RegExp])[] = [
  ['totalFiles', /^Number of files: ([\d,.]+)/],
  ['created', /^Number of created files: ([\d,.]+)/],
  ['deleted', /^Number of deleted files: ([\d,.]+)/],
  ['files', /^Number of (?:regular )?files transferred: ([\d,.]+)/],
  ['totalBytes', /^Total file size: ([\d,.]+) bytes/],
  ['bytes', /^Total transferred file size: ([\d,.]+) bytes/],
]

/** Reads what rsync says, line by line: counts entries, takes the figures, keeps the rest as its last words. */
export class RsyncReport {
  announced: string | undefined
  said = ''
  private readonly skipped: string[] = []
  private skips = 0
  private readonly stats: { -readonly [K in keyof Omit<PassStats, 'skipped'>]: PassStats[K] } = {
    changes: 0,
    files: 0,
    bytes: 0,
    deleted: 0,
    totalFiles: 0,
    totalBytes: 0,
  }
  private readonly decoder = new StringDecoder('utf8')
  private rest = ''

  add(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  result(): PassStats {
    return { ...this.stats, skipped: { count: this.skips, some: [...this.skipped] } }
  }

  private line(line: string): void {
    if (line.startsWith(`${announcement} `)) {
      this.announced = line.slice(announcement.length + 1)
      return
    }
    if (itemized.test(line)) {
      this.stats.changes += 1
      return
    }
    const skippedName = skips.exec(line)?.[1]
    if (skippedName !== undefined) {
      this.skips += 1
      if (this.skipped.length < namedSkips) this.skipped.push(skippedName)
      return
    }
    for (const [name, pattern] of figures) {
      const [, figure] = pattern.exec(line) ?? []
      if (figure !== undefined) {
        this.stats[name] = Number(figure.replaceAll(/[,.]/g, ''))
        return
      }
    }
    if (/^(rsync|\[|cannot|could not|sh:|bash:)|error|denied/.test(line))
      this.said = `${this.said}${line}\n`.slice(-4_000)
  }
}
