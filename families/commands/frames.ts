import { createHash } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'

const frameBytes = 1024 * 1024

/** What tells a receiver that it has everything. A connection that breaks looks like the end of a file otherwise. */
export const lastFrame = '0\n'

/** Puts a stream into frames: the number of bytes, a line break, the bytes. */
export class Frames extends Transform {
  /** What has gone through. */
  bytes = 0
  private readonly hash = createHash('sha256')
  private waiting: Buffer[] = []
  private waitingBytes = 0

  /** SHA-256 of all that went through, hex. Asked for once, at the end. */
  digest(): string {
    return this.hash.digest('hex')
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length
    this.hash.update(chunk)
    this.waiting.push(chunk)
    this.waitingBytes += chunk.length
    if (this.waitingBytes >= frameBytes) this.frame()
    done()
  }

  override _flush(done: TransformCallback): void {
    this.frame()
    done()
  }

  private frame(): void {
    if (this.waitingBytes === 0) return
    this.push(Buffer.concat([Buffer.from(`${String(this.waitingBytes)}\n`), ...this.waiting]))
    this.waiting = []
    this.waitingBytes = 0
  }
}

/**
 * POSIX shell that feeds a script the bytes of a stream in frames. Where the stream ends without its last frame everything is killed, the script
 * first: it never takes a part for the whole. Two never run at once: the script holds a lock as long as any process of it lives.
 */
export function unframed(script: string, lock: string): string {
  return `mkdir -p ~/.qianyun/sides; exec 8>${lock}
if command -v flock >/dev/null 2>&1; then flock -n 8 || { echo 'it is being filled already' >&2; exit 75; }; fi
{
  while IFS= read -r frame; do
    case $frame in 0) exit 0 ;; '' | *[!0-9]*) break ;; esac
    head -c "$frame" || break
  done
  kill -KILL 0
} | (
${script}
) 8>&-`
}
