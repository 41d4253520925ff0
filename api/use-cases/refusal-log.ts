import type { Actor } from '../../domain/organisation.ts'
import { secretsIn } from '../../domain/secret-text.ts'
import type { AuditLog } from '../../storage/audit.ts'
import { sha256Hex } from '../../storage/digest.ts'

/** What was refused, for the audit log. */
export interface Refused {
  readonly actor: Actor | undefined
  readonly method: string
  readonly path: string
  readonly status: number
  readonly code: string
  /** The sentence that was answered. It may repeat what was asked. */
  readonly detail: string
}

const perMinute = { known: 120, unknown: 30 } as const

/**
 * Writes refusals into the audit log, at most so many a minute from one account, and fewer from all strangers together:
 * nobody can fill the log by being refused. What was left out is counted in the next entry that is written.
 */
export class RefusalLog {
  private readonly windows = new Map<string, { startedAtMs: number; written: number; leftOut: number }>()

  constructor(
    private readonly audit: AuditLog,
    private readonly now: () => number = Date.now,
  ) {}

  async record(refused: Refused): Promise<void> {
    const leftOut = this.admit(refused.actor)
    if (leftOut === undefined) return
    const { actor, method, path, status, code, detail } = refused
    await this.audit.append({
      atMs: this.now(),
      kind: 'refusal',
      ...(actor === undefined ? {} : { actor }),
      subject: subjectOf(path),
      detail: {
        method,
        status,
        code,
        detail: `sha256:${sha256Hex(detail)}`,
        ...(leftOut === 0 ? {} : { leftOut }),
      },
    })
  }

  /** How many were left out since the last one written; undefined when this one is left out too. */
  private admit(actor: Actor | undefined): number | undefined {
    const who = actor?.account ?? ''
    const limit = actor === undefined ? perMinute.unknown : perMinute.known
    const nowMs = this.now()
    const known = this.windows.get(who)
    const expired = known === undefined || nowMs - known.startedAtMs >= 60_000
    const window = expired ? { startedAtMs: nowMs, written: 0, leftOut: known?.leftOut ?? 0 } : known
    this.windows.set(who, window)
    if (window.written >= limit) {
      window.leftOut += 1
      return undefined
    }
    window.written += 1
    const { leftOut } = window
    window.leftOut = 0
    return leftOut
  }
}

/** The path as far as it is made of ids; of a part that may be anything only the digest. */
function subjectOf(path: string): string {
  return path
    .slice(0, 1000)
    .split('/')
    .map((part) => (isId(part) ? part : `sha256:${sha256Hex(part).slice(0, 16)}`))
    .slice(0, 10)
    .join('/')
}

const isId = (part: string): boolean =>
  part === '' || (/^[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?$/.test(part) && secretsIn(part).length === 0)
