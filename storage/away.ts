import { OwnDatabaseAwayError } from '../domain/ports/errors.ts'

/** Codes by which a connection, or the server of the product's own database, says that it takes nothing for now. */
const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P0[1-5]|08\w{3}|53\d00|25006|58\w{3})$/

/** What `pg` says of a connection that is lost, or on which nothing comes, has no code. */
const awayWords =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable|connection error/

/** Whether an error says that a database is away, stopped, read-only or full: what was asked for may be asked again. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return awayCodes.test(code) || awayWords.test(error.message)
}

/** By these it still reads. */
const refusesWrites = /^(25006|53100)$/

/** Names the product's own database in what it says when it is away, with since when. */
export class AwayWatch {
  private away: { readonly sinceMs: number; readonly reads: boolean } | undefined

  constructor(private readonly place: string) {}

  /** Something was asked, and answered. */
  answered({ written }: { readonly written: boolean }): void {
    if (written || this.away?.reads !== true) this.away = undefined
  }

  /** The error to throw for one that the database has given. */
  named(error: unknown): unknown {
    if (!isAway(error)) return error
    const reads = error instanceof Error && 'code' in error && refusesWrites.test(String(error.code))
    this.away = { sinceMs: this.away?.sinceMs ?? Date.now(), reads }
    return new OwnDatabaseAwayError(this.place, this.away.sinceMs, error)
  }
}
