import { randomBytes } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { quote } from './quote.ts'

/** Prefix of a mark: a byte that no start-up file prints by chance, and that a trace of the command does not show. */
const sign = 0x1e
const keptNoiseBytes = 8_192

/**
 * The output of a script lies between two marks, so that output of the login shell, its start-up files, sshd or a forced command
 * can be told from it. `stream` has no mark at the end, because its bytes are passed on as they arrive; otherwise the possible
 * beginning of a mark would have to be held back.
 */
export type Framing = 'whole' | 'stream'

/** A script as it is sent to a host, and the token of its marks. */
export interface FramedScript {
  readonly line: string
  readonly token: string
}

/** Settings that change what ordinary tools print, or where rsync looks. */
const foreignSettings = [
  'CDPATH GREP_OPTIONS GREP_COLOR GREP_COLORS CLICOLOR_FORCE TAR_OPTIONS TIME_STYLE QUOTING_STYLE POSIXLY_CORRECT',
  'BLOCKSIZE BLOCK_SIZE DF_BLOCK_SIZE DU_BLOCK_SIZE LS_BLOCK_SIZE',
  'RSYNC_RSH RSYNC_OLD_ARGS RSYNC_PROTECT_ARGS RSYNC_PARTIAL_DIR RSYNC_CHECKSUM_LIST RSYNC_COMPRESS_LIST',
].join(' ')

const beginning = [
  `unset ${foreignSettings}`,
  String.raw`printf '\036qianyun-begin %s\n' "$1"`,
  String.raw`printf '\036qianyun-begin %s %s\n' "$1" "$$" >&2`,
]

/** The script runs in a subshell: its traps and its `exit` end there, and the mark follows them. */
const frames: Readonly<Record<Framing, string>> = {
  whole: [
    ...beginning,
    'qianyun_token=$1 qianyun_script=$2',
    'set --',
    '(eval "$qianyun_script")',
    'qianyun_code=$?',
    String.raw`printf '\036qianyun-end %s %s\n' "$qianyun_token" "$qianyun_code" >&2`,
    String.raw`printf '\036qianyun-end %s %s\n' "$qianyun_token" "$qianyun_code"`,
    'exit "$qianyun_code"',
  ].join('\n'),
  stream: [...beginning, 'qianyun_script=$2', 'set --', 'eval "$qianyun_script"'].join('\n'),
}

/**
 * The command line for a script: a plain `sh` in the C locale, whatever the login shell is, without options that a start-up file
 * exported (`set -x`). The mark on standard error contains the process group, so that the script can be killed with all its
 * children.
 */
export function framed(script: string, framing: Framing): FramedScript {
  const token = randomBytes(9).toString('hex')
  const inherited = '${SHELLOPTS:+-uSHELLOPTS} ${BASHOPTS:+-uBASHOPTS}'
  const line = `exec env ${inherited} LC_ALL=C sh -c ${quote(frames[framing])} sh ${token} ${quote(script)}`
  return { line, token }
}

/** Kills the process group, or only the process if the login shell stands between. */
export function killCommand(group: number): string {
  return `kill -KILL -${group} 2>/dev/null || kill -KILL ${group} 2>/dev/null`
}

/** Passes on the output between the marks, and keeps the values in the marks. */
export class FrameFilter extends Transform {
  /** The process group of the script, read from standard error. */
  group: number | undefined
  /** The script's exit code; absent until the mark at the end arrives. */
  exitCode: number | undefined
  begun = false
  private ended = false
  /** Before the script begins: the last output. After that: the possible beginning of the mark at the end. */
  private held: Buffer = Buffer.alloc(0)
  private readonly beginMark: Buffer
  private readonly endMark: Buffer | undefined

  constructor(token: string, framing: Framing) {
    super()
    this.beginMark = Buffer.from(`\u001Eqianyun-begin ${token}`)
    this.endMark = framing === 'whole' ? Buffer.from(`\u001Eqianyun-end ${token}`) : undefined
  }

  /** The last output before the script began, or all output if it never began. */
  get noise(): string {
    return this.begun ? '' : this.held.toString('utf8')
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.ended) done()
    else {
      const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk])
      this.held = Buffer.alloc(0)
      if (this.begun) this.pass(bytes)
      else this.awaitBeginning(bytes)
      done()
    }
  }

  override _flush(done: TransformCallback): void {
    if (this.begun && !this.ended && this.held.length > 0) this.push(this.held)
    done()
  }

  private awaitBeginning(bytes: Buffer): void {
    const at = bytes.indexOf(this.beginMark)
    const endOfLine = at === -1 ? -1 : bytes.indexOf('\n', at)
    if (endOfLine === -1) {
      this.held = bytes.subarray(-keptNoiseBytes)
      return
    }
    this.begun = true
    const told = bytes.toString('latin1', at + this.beginMark.length, endOfLine).trim()
    if (told !== '') this.group = Number(told)
    this.emit('begun')
    if (endOfLine + 1 < bytes.length) this.pass(bytes.subarray(endOfLine + 1))
  }

  private pass(bytes: Buffer): void {
    if (this.endMark === undefined) {
      this.push(bytes)
      return
    }
    const at = bytes.indexOf(this.endMark)
    const endOfLine = at === -1 ? -1 : bytes.indexOf('\n', at)
    if (endOfLine !== -1) {
      this.ended = true
      this.exitCode = Number(bytes.toString('latin1', at + this.endMark.length, endOfLine))
      if (at > 0) this.push(bytes.subarray(0, at))
      return
    }
    const whole = at === -1 ? bytes.length - this.mayBeEnd(bytes, this.endMark) : at
    if (whole > 0) this.push(bytes.subarray(0, whole))
    this.held = bytes.subarray(whole)
  }

  /** How many of the last bytes could be the beginning of the mark. */
  private mayBeEnd(bytes: Buffer, end: Buffer): number {
    const at = bytes.lastIndexOf(sign)
    const length = bytes.length - at
    const begins = at !== -1 && length < end.length && bytes.subarray(at).equals(end.subarray(0, length))
    return begins ? length : 0
  }
}
