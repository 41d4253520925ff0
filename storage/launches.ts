import type pg from 'pg'
import type { Launch, LaunchesPort, LaunchOnRecord, LaunchRequest } from '../domain/ports/launches.ts'
import type { Actor } from '../domain/organisation.ts'
import { appendAudit } from './audit.ts'
import { LaunchExistsError } from './errors.ts'
import { assertPlacesFree, movesUnderWay, type MoveUnderWay } from './places-taken.ts'
import { inTransaction, lockName, locks } from './pool.ts'

/** Numbers the launches of a system, so that `<system>-<n>` names one move for ever. */
export class LaunchStore implements LaunchesPort {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * The launch of this request: a new one with the next number, or the one that the same request got before.
   * @throws LaunchExistsError
   */
  async reserve(request: LaunchRequest, by: Actor, atMs: number): Promise<Launch> {
    const { requestId, system, plan, planDigest } = request
    return inTransaction(this.pool, async (client) => {
      await lockName(client, locks.launch, system)
      await client.query('select pg_advisory_xact_lock($1)', [locks.places])
      const before = await client.query<Launch>(
        'select migration, system, plan from launch where request_id = $1',
        [requestId],
      )
      const [known] = before.rows
      if (known !== undefined) {
        if (known.plan !== plan) throw new LaunchExistsError(known.plan, plan)
        await client.query('update launch set at_ms = greatest(at_ms, $2) where migration = $1', [
          known.migration,
          atMs,
        ])
        return known
      }
      await assertPlacesFree(client, request)
      const last = await client.query<{ number: number }>(
        'select coalesce(max(number), 0) as number from launch where system = $1',
        [system],
      )
      const number = (last.rows[0]?.number ?? 0) + 1
      const migration = `${system}-${number}`
      await client.query(
        `insert into launch (migration, system, number, plan, request_id, by_actor, at_ms)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [migration, system, number, plan, requestId, JSON.stringify(by), atMs],
      )
      const detail = { system, plan, planDigest, requestId }
      await appendAudit(client, [{ atMs, kind: 'launch-requested', actor: by, subject: migration, detail }])
      return { migration, system, plan }
    })
  }

  async find(migration: string): Promise<LaunchOnRecord | undefined> {
    const { rows } = await this.pool.query<LaunchOnRecord>(
      'select l.by_actor as by, p.content as plan from launch l join plan p on p.plan = l.plan where l.migration = $1',
      [migration],
    )
    return rows[0]
  }

  /** Like `withdraw`, for a launch that nobody has requested since `beforeMs` and whose move has not begun. */
  async withdrawStale(migration: string, by: Actor, atMs: number, beforeMs: number): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [locks.places])
      const { rowCount } = await client.query(
        `delete from launch l where migration = $1 and at_ms < $2
            and not exists (select from migration m where m.migration = l.migration)`,
        [migration, beforeMs],
      )
      if (rowCount === 0) return
      await appendAudit(client, [
        { atMs, kind: 'launch-withdrawn', actor: by, subject: migration, detail: {} },
      ])
    })
  }

  /** The moves of other systems that are under way or only requested, with their plans. */
  async underWay(otherThan: string): Promise<readonly MoveUnderWay[]> {
    return movesUnderWay(this.pool, otherThan)
  }

  /** Withdraws a number whose move never began because another move of the system runs. The audit log records it, like the request. */
  async withdraw(migration: string, by: Actor, atMs: number): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query('delete from launch where migration = $1', [migration])
      if (rowCount === 0) return
      const entry = { atMs, kind: 'launch-withdrawn', actor: by, subject: migration, detail: {} } as const
      await appendAudit(client, [entry])
    })
  }
}
