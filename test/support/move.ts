import type { CommandReceipt } from '../../workflows/migration/messages.ts'
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Client, WorkflowHandle } from '@temporalio/client'
import type pg from 'pg'
import type { CommandData, CommandName } from '../../domain/move/command.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor, Party } from '../../domain/organisation.ts'
import type { GivenPlan } from '../../domain/plan/plan.ts'
import { signoffText } from '../../domain/move/signoff.ts'
import { ensureAccounts } from '../../storage/accounts.ts'
import { CommandStore } from '../../storage/commands.ts'
import { jsonDigest } from '../../storage/digest.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { commandUpdates, migrationWorkflowId, orchestratorQueue } from '../../workflows/migration/messages.ts'
import { actors } from './actors.ts'

const keys = new Map<
  string,
  { privateKey: ReturnType<typeof generateKeyPairSync>['privateKey']; keyId: string }
>()

/** Registers the actors' accounts, each with a key of its own. */
export async function registerActors(pool: pg.Pool): Promise<void> {
  const settings = Object.values(actors).map((actor) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const der = publicKey.export({ type: 'spki', format: 'der' })
    keys.set(actor.account, {
      privateKey,
      keyId: createHash('sha256').update(der).digest('hex').slice(0, 16),
    })
    return {
      ...actor,
      name: actor.account,
      tokenHash: createHash('sha256').update(randomUUID()).digest('hex'),
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    }
  })
  await ensureAccounts(pool, settings)
}

/** The launch of a plan on record, as the API puts it there. */
export async function registerLaunch(pool: pg.Pool, plan: GivenPlan): Promise<void> {
  const { system } = plan
  const by = JSON.stringify(actors.coordinator)
  const name = `plan-of-${system}`
  await pool.query('insert into system (system, content) values ($1, $2)', [system, '{}'])
  await pool.query(
    `insert into plan (plan, system, organisations, digest, content, created_by, created_at_ms)
     values ($1, $2, $3, $4, $5, $6, 0)`,
    [name, system, Object.values(plan.organisations), jsonDigest(plan), JSON.stringify(plan), by],
  )
  await pool.query(
    `insert into launch (migration, system, number, plan, request_id, by_actor, at_ms)
     values ($1, $2, 1, $3, $1, $4, 0)`,
    [`${system}-1`, system, name, by],
  )
}

const isOpen =
  (id: string) =>
  ({ tasks }: Migration): boolean =>
    tasks.some((task) => task.id === id && task.state === 'open')

/** One running move, as tests command it and look at it. */
export class Move {
  private constructor(
    private readonly client: Client,
    private readonly handle: WorkflowHandle,
    private readonly pool: pg.Pool,
    private readonly stored: MigrationStore,
    private readonly migration: string,
  ) {}

  static async launch(client: Client, pool: pg.Pool, plan: GivenPlan): Promise<Move> {
    await registerLaunch(pool, plan)
    const handle = await client.workflow.start('migration', {
      workflowId: migrationWorkflowId(plan.system),
      taskQueue: orchestratorQueue,
      args: [
        { migration: `${plan.system}-1`, plan, planDigest: jsonDigest(plan), launchedBy: actors.coordinator },
      ],
    })
    // Without the run id: a move goes on as new runs.
    return new Move(
      client,
      client.workflow.getHandle(handle.workflowId),
      pool,
      new MigrationStore(pool),
      `${plan.system}-1`,
    )
  }

  /** The move as storage has it. */
  async now(): Promise<Migration> {
    return this.stored.get(this.migration)
  }

  /** Gives a command and returns its refusal's code, or `taken`. */
  async command<N extends CommandName>(
    name: N,
    actor: Actor,
    data: CommandData[N],
    requestId: string = randomUUID(),
  ): Promise<string> {
    const { pool, migration } = this
    await new CommandStore(pool).give({ migration, requestId, name, actor, data }, Date.now())
    // A move that goes on as a new run just now may leave an Update unanswered: the same request is sent again.
    for (let tries = 1; ; tries += 1) {
      try {
        const receipt = await this.client.withDeadline(Date.now() + 5_000, () =>
          this.handle.executeUpdate<CommandReceipt, never>(commandUpdates[name] as never, {
            updateId: requestId,
            args: [{ requestId, actor, data }] as never,
          }),
        )
        await this.until(`sequence ${receipt.sequence}`, (m) => m.sequence >= receipt.sequence)
        return 'taken'
      } catch (error) {
        const type = (error as { cause?: { type?: unknown } }).cause?.type
        if (typeof type === 'string') return type
        if (tries === 5) throw error
      }
    }
  }

  /** Looks until the move is as wanted. */
  async until(what: string, wanted: (m: Migration) => boolean): Promise<Migration> {
    let seen: Migration | undefined
    for (let look = 0; look < 150; look += 1) {
      seen = await this.now().catch(() => undefined)
      if (seen && wanted(seen)) return seen
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(
      `The move did not come to "${what}": ${JSON.stringify(seen, undefined, 1).slice(0, 3000)}`,
    )
  }

  async sign(party: Party): Promise<string> {
    const m = await this.now()
    const actor = actors[party]
    const key = keys.get(actor.account)
    if (!m.report || !key) throw new Error('nothing to sign, or nobody to sign it')
    const { digest, version } = m.report
    const { account, organisation } = actor
    const signedText = signoffText({
      migration: m.migration,
      system: m.plan.system,
      profile: m.plan.policy.profile,
      reportVersion: version,
      digest,
      party,
      organisation,
      account,
      decision: 'recognise',
    })
    return this.command('sign-report', actor, {
      signoff: {
        party,
        organisation,
        account,
        keyId: key.keyId,
        algorithm: 'ed25519',
        digest,
        reportVersion: version,
        signature: sign(null, Buffer.from(signedText), key.privateKey).toString('base64'),
        signedText,
        atMs: 0,
      },
    })
  }

  /** Through assessment, resourcing, adaptation, rehearsal and trial run, to a report that waits for signatures. */
  async toRecognition(): Promise<Migration> {
    const { tasks } = await this.until('findings', isOpen('accept-findings'))
    const open = tasks.flatMap(({ openFindings = [] }) => openFindings)
    await this.command('complete-task', actors.owner, {
      task: 'accept-findings',
      note: 'ok',
      evidence: [],
      reasons: Object.fromEntries(open.map(({ code }) => [code, 'known'])),
    })
    await this.adapt()
    return this.until('report', (m) => m.phase === 'recognition' && m.report !== undefined)
  }

  /** From accepted findings through resourcing and adaptation. */
  async adapt(): Promise<void> {
    await this.until('resources', isOpen('approve-resources'))
    await this.command('complete-task', actors.provider, {
      task: 'approve-resources',
      note: 'ok',
      evidence: [],
    })
    await this.until('adaptation', isOpen('adapt-code'))
    const evidence = [{ name: 'tests.txt', digest: 'c'.repeat(64), sizeBytes: 5 }]
    await this.command('complete-task', actors.vendor, { task: 'adapt-code', note: 'done', evidence })
    await this.command('sign-task', actors.vendor, {
      task: 'adapt-code',
      keyId: 'k',
      digest: 'd',
      signature: 's',
    })
    await this.command('accept-task', actors.owner, { task: 'adapt-code' })
  }

  async toCutover(): Promise<Migration> {
    await this.sign('owner')
    await this.sign('provider')
    return this.until('cutover', (m) => m.phase === 'cutover' && m.step === undefined)
  }

  /** Schedules a window that is open at `nowMs`, says go, and comes to retention. */
  async toRetention(nowMs: number): Promise<Migration> {
    await this.schedule(nowMs)
    await this.go()
    return this.until('retention', (m) => m.phase === 'retention' && m.retention !== undefined)
  }

  async schedule(startsAtMs: number, lengthMs = 3_600_000): Promise<string> {
    return this.command('schedule-cutover', actors.operations, {
      window: { startsAtMs, endsAtMs: startsAtMs + lengthMs },
    })
  }

  async go(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await this.command('decide-cutover', actors.operations, {
        decision: 'go',
        reason: 'ready',
      })
      if (answer === 'taken') return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('nobody took the go')
  }
}
