import { Transform, type TransformCallback } from 'node:stream'
import { quote } from './quote.ts'

const mark = 'qianyun-process-group '
const searchedBytes = 16_384

/**
 * The command line for a script: a plain `sh` in the C locale whatever the login shell is, which first tells its
 * process group on standard error so that it can be killed with all its children.
 */
export function commandLine(script: string): string {
  return `exec env LC_ALL=C sh -c ${quote(`echo "${mark}$$" >&2\n${script}`)}`
}

/** Kills the group; the process alone where the login shell stands between. */
export function killCommand(group: number): string {
  return `kill -KILL -${group} 2>/dev/null || kill -KILL ${group} 2>/dev/null`
}

/** Passes standard error on without the line that tells the process group, and keeps that group. */
export class ProcessGroupFilter extends Transform {
  group: number | undefined
  private head = Buffer.alloc(0)
  private passing = false

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.passing) {
      done(null, chunk)
      return
    }
    this.head = Buffer.concat([this.head, chunk])
    const found = /^qianyun-process-group (\d+)\n/m.exec(this.head.toString('latin1'))
    if (found !== null) {
      this.group = Number(found[1])
      this.push(this.head.subarray(0, found.index))
      this.push(this.head.subarray(found.index + found[0].length))
      this.passing = true
      this.emit('group', this.group)
    } else if (this.head.length > searchedBytes) {
      this.push(this.head)
      this.passing = true
    }
    done()
  }

  override _flush(done: TransformCallback): void {
    if (!this.passing) this.push(this.head)
    done()
  }
}
