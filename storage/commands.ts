import type pg from 'pg'
import type { CommandName } from '../domain/move/command.ts'
import type {
  CommandsPort,
  EventPlace,
  GivenCommand,
  NotGiven,
  RecordedCommand,
} from '../domain/ports/commands.ts'
import { AuditLog } from './audit.ts'
import { askedDigest } from './digest.ts'
import { RequestReusedError } from './errors.ts'

interface CommandRow {
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
    const { rowCount } = await this.pool.query(
      `insert into command (migration, request_id, name, actor, data, digest, body_digest, given_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (migration, request_id) do update set given_at_ms = excluded.given_at_ms
         where command.digest = excluded.digest`,
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
    if (rowCount === 0) throw new RequestReusedError(requestId)
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

const commandOf = ({ request_id, body_digest, given_at_ms, ...row }: CommandRow): RecordedCommand => ({
  ...row,
  ...(body_digest !== null && { bodyDigest: body_digest }),
  requestId: request_id,
  givenAtMs: Number(given_at_ms),
})

function commandDigest({ migration, requestId, name, actor, data }: GivenCommand): string {
  const { account, role, organisation } = actor
  return askedDigest({ migration, requestId, name, account, role, organisation, data })
}
