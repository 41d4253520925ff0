import type pg from 'pg'
import type { CommandName } from '../domain/move/command.ts'
import type {
  CommandsPort,
  EventPlace,
  GivenCommand,
  NotGiven,
  RecordedCommand,
} from '../domain/ports/commands.ts'
import { appendAudit, AuditLog } from './audit.ts'
import { askedDigest, jsonDigest } from './digest.ts'
import { RequestReusedError } from './errors.ts'
import { inTransaction, type Queryable } from './pool.ts'

export interface CommandRow {
  migration: string
  request_id: string
  name: CommandName
  actor: GivenCommand['actor']
  data: GivenCommand['data']
  body_digest: string | null
  given_at_ms: string
}

/** What was asked of moves, written once. */
export class CommandStore implements CommandsPort {
  constructor(private readonly pool: pg.Pool) {}

  async give(command: GivenCommand, atMs: number): Promise<void> {
    const { migration, requestId, name, actor, data } = command
    await inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ fresh: boolean }>(
        `insert into command (migration, request_id, name, actor, data, digest, body_digest, given_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (migration, request_id) do update set given_at_ms = excluded.given_at_ms
           where command.digest = excluded.digest returning xmax = 0 as fresh`,
        [
          migration,
          requestId,
          name,
          JSON.stringify(actor),
          JSON.stringify(data),
          commandDigest(command),
          command.bodyDigest ?? null,
          atMs,
        ],
      )
      const [given] = rows
      if (given === undefined) throw new RequestReusedError(requestId)
      if (!given.fresh) return
      await appendAudit(client, [entryOf({ ...command, givenAtMs: atMs })])
    })
  }

  async find(migration: string, requestId: string): Promise<RecordedCommand | undefined> {
    const { rows } = await this.pool.query<CommandRow>(
      `select migration, request_id, name, actor, data, body_digest, given_at_ms
         from command where migration = $1 and request_id = $2`,
      [migration, requestId],
    )
    return rows[0] && commandOf(rows[0])
  }

  async carriedOutBy(migration: string, requestId: string): Promise<readonly EventPlace[]> {
    const { rows } = await this.pool.query<EventPlace>(
      `select sequence, type from event where migration = $1 and content->>'command' = $2`,
      [migration, requestId],
    )
    return rows
  }

  async noteNotGiven({ migration, what, account }: NotGiven): Promise<void> {
    const detail = { what, account }
    await new AuditLog(this.pool).append({
      atMs: Date.now(),
      kind: 'command-not-given',
      subject: migration,
      detail,
    })
  }
}

export const commandOf = ({ request_id, body_digest, given_at_ms, ...row }: CommandRow): RecordedCommand => ({
  ...row,
  ...(body_digest !== null && { bodyDigest: body_digest }),
  requestId: request_id,
  givenAtMs: Number(given_at_ms),
})

/** Puts commands from before the audit log had them on record as they are found. */
export async function recordCommands(client: Queryable): Promise<void> {
  const { rows } = await client.query<CommandRow>(
    'select migration, request_id, name, actor, data, body_digest, given_at_ms from command order by given_at_ms',
  )
  await appendAudit(client, rows.map(commandOf).map(entryOf))
}

const entryOf = (command: RecordedCommand) => ({
  atMs: command.givenAtMs,
  kind: 'command-given' as const,
  actor: command.actor,
  subject: command.migration,
  detail: { requestId: command.requestId, command: command.name, digest: recordedDigest(command) },
})

/** The digest of a command as it stands on record, but for when it was asked for last. */
export function recordedDigest(command: GivenCommand): string {
  const { migration, requestId, name, actor, data, bodyDigest } = command
  const whole = { migration, requestId, name, actor, data, bodyDigest: bodyDigest ?? null }
  return jsonDigest(JSON.parse(JSON.stringify(whole)))
}

export function commandDigest({ migration, requestId, name, actor, data }: GivenCommand): string {
  const { account, role, organisation } = actor
  return askedDigest({ migration, requestId, name, account, role, organisation, data })
}
