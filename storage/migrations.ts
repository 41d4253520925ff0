import type pg from 'pg'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { EventOf, MigrationEvent } from '../domain/move/event.ts'
import { applyEvent, type Migration } from '../domain/move/migration.ts'
import { isOver, overStandings } from '../domain/move/phase.ts'
import { withReadReasons } from '../domain/move/recorded-reason.ts'
import type { GivenPlan } from '../domain/plan/plan.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import { appendAudit } from './audit.ts'
import { jsonDigest } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { EventConflictError, EventGapError } from './errors.ts'
import { assertPlacesFree } from './places-taken.ts'
import { inTransaction, lockName, locks, type Queryable } from './pool.ts'

/** The channel for changes of moves. Its payload is `<migration> <sequence> <position>`; only an event has a position. */
export const eventChannel = 'qianyun_event'

/** An event of a move, and its position among the events of all moves. */
export interface EventPlace {
  readonly position: number
  readonly migration: string
  readonly sequence: number
}

const byNewest = 'order by system, number desc'

/** The moves: their events, and for each move the projection that its events fold into. */
export class MigrationStore implements MigrationsPort {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Records events of one move in one transaction: the events, the projection and the audit log. Events that are already recorded are
   * skipped, so a caller that does not know the outcome calls again. `run` names the run of the workflow.
   * @returns the projection
   * @throws EventConflictError EventGapError
   */
  async append(events: readonly MigrationEvent[], run?: string): Promise<Migration> {
    const [first] = events
    if (first === undefined) throw new RangeError('No events were given. Give at least one.')
    return inTransaction(this.pool, async (client) => {
      await lockName(client, locks.migration, first.migration)
      const before = await projectionOf(client, first.migration)
      const fresh = await withoutRecorded(client, first.migration, before?.sequence ?? 0, { events, run })
      if (before !== undefined && fresh.length === 0) return before
      return record(client, before, { events: fresh, run })
    })
  }

  /**
   * Records that a move goes on from its record. One that was over had left its places, which must still be free.
   * @throws EventConflictError EventGapError PlacesTakenError
   */
  async recover(event: EventOf<'recovered'>): Promise<Migration> {
    return inTransaction(this.pool, async (client) => {
      await lockName(client, locks.migration, event.migration)
      await client.query('select pg_advisory_xact_lock($1)', [locks.places])
      const before = await projectionOf(client, event.migration)
      await withoutRecorded(client, event.migration, before?.sequence ?? 0, {
        events: [event],
        run: undefined,
      })
      if (before !== undefined && isOver(before)) {
        const { plan, system } = before.plan
        await assertPlacesFree(client, { plan, system, content: before.plan })
      }
      return record(client, before, { events: [event], run: undefined })
    })
  }

  /** @throws NotStoredError */
  async get(migration: string): Promise<Migration> {
    const found = await projectionOf(this.pool, migration)
    if (found === undefined) throw new NotStoredError('migration', migration)
    return found
  }

  /** The sequence of the last recorded event; 0 if nothing is recorded. */
  async sequenceOf(migration: string): Promise<number> {
    const { rows } = await this.pool.query<{ sequence: number }>(
      'select sequence from migration where migration = $1',
      [migration],
    )
    return rows[0]?.sequence ?? 0
  }

  /** The newest move of the system with this name, or the move with this id; undefined if there is neither. */
  async find(systemOrMigration: string): Promise<Migration | undefined> {
    const { rows } = await this.pool.query<ProjectionRow>(
      `select content from migration where system = $1 or migration = $1
        order by (system = $1) desc, number desc limit 1`,
      [systemOrMigration],
    )
    return rows[0] && moveOf(rows[0])
  }

  /** All moves, or those of one organisation: by system, newest first. */
  async list(organisation?: string): Promise<Migration[]> {
    const { rows } = await this.pool.query<ProjectionRow>(
      `select content from migration where $1::text is null or $1 = any (organisations) ${byNewest}`,
      [organisation ?? null],
    )
    return rows.map(moveOf)
  }

  /** The moves that have not ended. */
  async listNotOver(): Promise<Migration[]> {
    const { rows } = await this.pool.query<ProjectionRow>(
      `select content from migration where standing <> all ($1) ${byNewest}`,
      [overStandings],
    )
    return rows.map(moveOf)
  }

  /** The events of a move after a sequence, in order. */
  async events(migration: string, after = 0, limit = 100_000): Promise<MigrationEvent[]> {
    const { rows } = await this.pool.query<EventRow>(
      'select position, content from event where migration = $1 and sequence > $2 order by sequence limit $3',
      [migration, after, limit],
    )
    return rows.map((row) => row.content)
  }

  /** Whether an event of the move names a digest. */
  async names(migration: string, digest: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `select from event where migration = $1 and position('"' || $2 || '"' in content::text) > 0 limit 1`,
      [migration, digest],
    )
    return rowCount === 1
  }

  /** The events of all moves after a position, in the order of recording. */
  async placesAfter(position: number, limit = 500): Promise<EventPlace[]> {
    const { rows } = await this.pool.query<Omit<EventPlace, 'position'> & { position: string }>(
      'select position, migration, sequence from event where position > $1 order by position limit $2',
      [position, limit],
    )
    return rows.map((row) => ({ ...row, position: Number(row.position) }))
  }

  /** The position of the newest event; 0 if there is none. */
  async lastPosition(): Promise<number> {
    const { rows } = await this.pool.query<{ position: string }>(
      'select coalesce(max(position), 0) as position from event',
    )
    return Number(rows[0]?.position ?? 0)
  }

  /** The projection, folded again from the first event. Equals the stored projection. */
  async rebuildProjection(migration: string): Promise<Migration> {
    const events = await this.events(migration)
    const rebuilt = events.reduce<Migration | undefined>(
      (before, event) => applyEvent(before, event),
      undefined,
    )
    if (rebuilt === undefined) throw new NotStoredError('migration', migration)
    return rebuilt
  }
}

/** Reads a stored projection, which stays as recorded until the next event: its plan may have any version. */
export interface ProjectionRow {
  content: Omit<Migration, 'plan'> & { readonly plan: GivenPlan }
}

export function moveOf({ content }: ProjectionRow): Migration {
  return withReadReasons({ ...content, plan: upgradePlan(content.plan) })
}

interface Offered {
  readonly events: readonly MigrationEvent[]
  readonly run: string | undefined
}

interface EventRow {
  position: string
  content: MigrationEvent
}

/** The recorded move; undefined if nothing is recorded. */
export async function projectionOf(client: Queryable, migration: string): Promise<Migration | undefined> {
  const { rows } = await client.query<ProjectionRow>('select content from migration where migration = $1', [
    migration,
  ])
  return rows[0] && moveOf(rows[0])
}

/** The events that are not recorded yet. Events that are already recorded must be equal. */
async function withoutRecorded(
  client: Queryable,
  migration: string,
  recorded: number,
  { events, run }: Offered,
): Promise<MigrationEvent[]> {
  const again = events.filter((event) => event.sequence <= recorded)
  const { rows } = await client.query<EventRow & { run: string | null }>(
    'select position, content, run from event where migration = $1 and sequence = any ($2)',
    [migration, again.map((event) => event.sequence)],
  )
  const stored = new Map(rows.map((row) => [row.content.sequence, row]))
  for (const event of again) {
    const known = stored.get(event.sequence)
    if (known === undefined || !isSaidAgain(known, event, run)) {
      throw new EventConflictError(migration, event.sequence, known?.content.type ?? 'nothing', event.type)
    }
  }
  const fresh = events.filter((event) => event.sequence > recorded)
  fresh.forEach((event, index) => {
    const expected = recorded + 1 + index
    if (event.sequence !== expected) throw new EventGapError(migration, expected, event.sequence)
    if (event.migration !== migration) {
      throw new RangeError(
        `Events of "${migration}" and "${event.migration}" were given together. Give those of one move.`,
      )
    }
  })
  return fresh
}

/**
 * Whether an event repeats the recorded one. A run after a reset may repeat, with a later time, an event that the run before it had recorded. The
 * same run never changes the time; there another time means another writer.
 */
function isSaidAgain(
  known: { readonly content: MigrationEvent; readonly run: string | null },
  event: MigrationEvent,
  run: string | undefined,
): boolean {
  const wasReset = run !== undefined && known.run !== null && known.run !== run
  const { atMs } = wasReset ? event : known.content
  // A record of before does not name the command.
  const { command = event.command } = known.content
  return canonicalJson({ ...known.content, atMs, command }) === canonicalJson(event)
}

async function record(
  client: Queryable,
  before: Migration | undefined,
  { events: fresh, run }: Offered,
): Promise<Migration> {
  const after = fresh.reduce<Migration | undefined>((m, event) => applyEvent(m, event), before)
  if (after === undefined) throw new RangeError('No events were left to record.')
  // So that a reader of the log without the plan knows that an entry comes from a lab.
  const { profile } = after.plan.policy
  const lines = await appendAudit(
    client,
    fresh.map((event) => ({
      atMs: event.atMs,
      kind: 'event' as const,
      actor: event.actor,
      subject: event.migration,
      // The digest identifies the event, whose free texts stand in the log only as digests.
      detail: { profile, event, eventDigest: jsonDigest(event), run: run ?? null },
    })),
  )
  for (const [index, event] of fresh.entries()) {
    const position = lines[index]?.entry.sequence
    await client.query(
      'insert into event (migration, sequence, type, content, position, run) values ($1, $2, $3, $4, $5, $6)',
      [event.migration, event.sequence, event.type, JSON.stringify(event), position, run ?? null],
    )
    await noteEvidence(client, event)
  }
  await saveProjection(client, after)
  await announce(client, after, lines.at(-1)?.entry.sequence)
  return after
}

/** Announces a change of a move: an event at this position, or a change beside its events. */
export async function announce(
  client: Queryable,
  { migration, sequence }: Pick<Migration, 'migration' | 'sequence'>,
  position?: number,
): Promise<void> {
  const payload = [migration, sequence, ...(position === undefined ? [] : [position])].join(' ')
  await client.query('select pg_notify($1, $2)', [eventChannel, payload])
}

/** What the row of a move has beside its content. */
export function columnsOf(m: Migration) {
  return {
    migration: m.migration,
    system: m.plan.system,
    number: Number(/-(\d{1,6})$/.exec(m.migration)?.[1] ?? 0),
    organisations: Object.values(m.plan.organisations),
    sequence: m.sequence,
    phase: m.phase,
    standing: m.standing,
  }
}

export async function saveProjection(client: Queryable, m: Migration): Promise<void> {
  await client.query(
    `insert into migration (migration, system, number, organisations, sequence, phase, standing, content)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (migration) do update
        set system = excluded.system, number = excluded.number, organisations = excluded.organisations,
            sequence = excluded.sequence, phase = excluded.phase, standing = excluded.standing,
            content = excluded.content`,
    [...Object.values(columnsOf(m)), JSON.stringify(m)],
  )
}

/** Records attached files: whoever may read the move may read them. */
async function noteEvidence(client: Queryable, event: MigrationEvent): Promise<void> {
  if (event.type !== 'task-completed') return
  for (const { digest } of event.data.evidence) {
    await client.query(
      'insert into evidence_use (digest, migration) values ($1, $2) on conflict do nothing',
      [digest, event.migration],
    )
  }
}
