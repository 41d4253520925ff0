import type pg from 'pg'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { MigrationEvent } from '../domain/move/event.ts'
import { applyEvent, type Migration } from '../domain/move/migration.ts'
import { overStandings } from '../domain/move/phase.ts'
import { withReadReasons } from '../domain/move/recorded-reason.ts'
import type { GivenPlan } from '../domain/plan/plan.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import { appendAudit } from './audit.ts'
import { jsonDigest } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { EventConflictError, EventGapError } from './errors.ts'
import { inTransaction, lockName, locks, type Queryable } from './pool.ts'

/** The channel that says a move has changed; its payload is `<migration> <sequence> <position>`, the last only of an event. */
export const eventChannel = 'qianyun_event'

/** Which event of which move, and its place among the events of all moves. */
export interface EventPlace {
  readonly position: number
  readonly migration: string
  readonly sequence: number
}

const byNewest = 'order by system, number desc'

/** The moves: their events, and for each the projection these events add up to. */
export class MigrationStore implements MigrationsPort {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Records events of one move, all or none: the events, the projection, and the audit log, in one transaction. Events
   * recorded before are skipped, so a caller that does not know whether it succeeded calls again. `run` names the run of the
   * workflow that says them. Gives the projection.
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

  /** @throws NotStoredError */
  async get(migration: string): Promise<Migration> {
    const found = await projectionOf(this.pool, migration)
    if (found === undefined) throw new NotStoredError('migration', migration)
    return found
  }

  /** How far the projection has come; 0 for a move of which nothing is recorded. */
  async sequenceOf(migration: string): Promise<number> {
    const { rows } = await this.pool.query<{ sequence: number }>(
      'select sequence from migration where migration = $1',
      [migration],
    )
    return rows[0]?.sequence ?? 0
  }

  /** The newest move of a system of this name, or the move of this id; undefined when there is neither. */
  async find(systemOrMigration: string): Promise<Migration | undefined> {
    const { rows } = await this.pool.query<ProjectionRow>(
      `select content from migration where system = $1 or migration = $1
        order by (system = $1) desc, number desc limit 1`,
      [systemOrMigration],
    )
    return rows[0] && moveOf(rows[0])
  }

  /** Whether an organisation takes part in a move. */
  async involves(migration: string, organisation: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'select from migration where migration = $1 and $2 = any (organisations)',
      [migration, organisation],
    )
    return rowCount === 1
  }

  /** Every move, by system, newest first; of an organisation's when one is given. */
  async list(organisation?: string): Promise<Migration[]> {
    const { rows } = await this.pool.query<ProjectionRow>(
      `select content from migration where $1::text is null or $1 = any (organisations) ${byNewest}`,
      [organisation ?? null],
    )
    return rows.map(moveOf)
  }

  /** The moves that are not over. */
  async listNotOver(): Promise<Migration[]> {
    const { rows } = await this.pool.query<ProjectionRow>(
      `select content from migration where standing <> all ($1) ${byNewest}`,
      [overStandings],
    )
    return rows.map(moveOf)
  }

  /** The events of one move after a sequence, in order. */
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

  /** Which events of all moves come after a position, in the order in which they were recorded. */
  async placesAfter(position: number, limit = 500): Promise<EventPlace[]> {
    const { rows } = await this.pool.query<Omit<EventPlace, 'position'> & { position: string }>(
      'select position, migration, sequence from event where position > $1 order by position limit $2',
      [position, limit],
    )
    return rows.map((row) => ({ ...row, position: Number(row.position) }))
  }

  /** The position of the newest event, 0 when there is none. */
  async lastPosition(): Promise<number> {
    const { rows } = await this.pool.query<{ position: string }>(
      'select coalesce(max(position), 0) as position from event',
    )
    return Number(rows[0]?.position ?? 0)
  }

  /** What the recorded events add up to, computed anew from the first. Equals the stored projection. */
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

/** A projection stays as it was recorded until the next event: its plan may be one of any version. */
interface ProjectionRow {
  content: Omit<Migration, 'plan'> & { readonly plan: GivenPlan }
}

function moveOf({ content }: ProjectionRow): Migration {
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

/** The move as recorded; undefined when nothing is. */
export async function projectionOf(client: Queryable, migration: string): Promise<Migration | undefined> {
  const { rows } = await client.query<ProjectionRow>('select content from migration where migration = $1', [
    migration,
  ])
  return rows[0] && moveOf(rows[0])
}

/** The events that are not recorded yet; those that are must be the same. */
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
 * A run that was reset says anew, at a later moment, what the run before it had recorded and not been told of. One and the
 * same run never changes a moment: there it is another writer.
 */
function isSaidAgain(
  known: { readonly content: MigrationEvent; readonly run: string | null },
  event: MigrationEvent,
  run: string | undefined,
): boolean {
  const wasReset = run !== undefined && known.run !== null && known.run !== run
  const { atMs } = wasReset ? event : known.content
  return canonicalJson({ ...known.content, atMs }) === canonicalJson(event)
}

async function record(
  client: Queryable,
  before: Migration | undefined,
  { events: fresh, run }: Offered,
): Promise<Migration> {
  const after = fresh.reduce<Migration | undefined>((m, event) => applyEvent(m, event), before)
  if (after === undefined) throw new RangeError('No events were left to record.')
  // Whoever reads the log without the plan at hand still sees what a lab's entry is worth.
  const { profile } = after.plan.policy
  const lines = await appendAudit(
    client,
    fresh.map((event) => ({
      atMs: event.atMs,
      kind: 'event' as const,
      actor: event.actor,
      subject: event.migration,
      // The event is told from another by its digest: what it says in words stands in the log as digests.
      detail: { profile, event, eventDigest: jsonDigest(event) },
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

/** Tells who listens that a move has changed: by an event at this position, or in what is known beside its events. */
export async function announce(
  client: Queryable,
  { migration, sequence }: Pick<Migration, 'migration' | 'sequence'>,
  position?: number,
): Promise<void> {
  const payload = [migration, sequence, ...(position === undefined ? [] : [position])].join(' ')
  await client.query('select pg_notify($1, $2)', [eventChannel, payload])
}

async function saveProjection(client: Queryable, m: Migration): Promise<void> {
  await client.query(
    `insert into migration (migration, system, number, organisations, sequence, phase, standing, content)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (migration) do update
        set sequence = excluded.sequence, phase = excluded.phase, standing = excluded.standing,
            content = excluded.content`,
    [
      m.migration,
      m.plan.system,
      Number(/-(\d{1,6})$/.exec(m.migration)?.[1] ?? 0),
      Object.values(m.plan.organisations),
      m.sequence,
      m.phase,
      m.standing,
      JSON.stringify(m),
    ],
  )
}

/** Whoever may read the move may read the files attached in it. */
async function noteEvidence(client: Queryable, event: MigrationEvent): Promise<void> {
  if (event.type !== 'task-completed') return
  for (const { digest } of event.data.evidence) {
    await client.query(
      'insert into evidence_use (digest, migration) values ($1, $2) on conflict do nothing',
      [digest, event.migration],
    )
  }
}
