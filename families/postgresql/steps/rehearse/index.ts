import { z } from 'zod'
import { Identifier } from '../../../../domain/identifier.ts'
import { EndpointParams, entryOf } from '../../pgbouncer/endpoint.ts'
import { WaiverParams, givenWaivers } from '../../rules/waivers.ts'
import { type RehearsalPlan, clearRehearsal, rehearse } from '../../rehearsal/rehearse.ts'
import { rehearsalName } from '../../rehearsal/rehearsal-database.ts'
import type { StepContext, StepKind } from '../../../../runner/steps/kind.ts'

const PostgresRehearseParams = z.strictObject({
  from: Identifier,
  to: Identifier,
  endpoint: EndpointParams,
  waivers: WaiverParams,
  /** `schema-only` spares the source's disk when its database is large; the durations then leave the first copy out. */
  mode: z.enum(['schema-and-data', 'schema-only']).default('schema-and-data'),
  writers: z.int().min(1).max(200).default(4),
  writerPauseMs: z.int().min(0).max(10_000).default(5),
  calmMs: z.int().min(100).max(600_000).default(1_000),
  deadlineMs: z.int().min(500).max(120_000).default(5_000),
  pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
  copyTimeoutMs: z.int().min(1_000).max(86_400_000).default(3_600_000),
})
type PostgresRehearseParams = z.infer<typeof PostgresRehearseParams>

/** Rehearses a cutover and its rollback on a copy beside the real database, and learns how long both really take. */
export const postgresRehearse: StepKind<PostgresRehearseParams, null> = {
  name: 'postgres-rehearse',
  title: { zh: '割接与回退演练', en: 'Rehearse cutover and rollback' },
  params: PostgresRehearseParams,
  does: 'rehearse',
  onlyInMove: true,
  uses: ({ from, to, endpoint }) => ({ databases: [from, to], hosts: [endpoint.host] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan({ from, to, writers }) {
    const part = (name: string, title: string) => ({ do: 'procedure' as const, name, title })
    return [
      part('copy', `copy "${from}" beside itself, with a role and an entry of the copy's own`),
      part('replicate', `let a database on the server of "${to}" follow the copy`),
      part('cutover', `switch the copy over under ${writers} writers`),
      part('rollback', 'switch it back'),
      part('clear', 'take the copies, the role and the entry away'),
    ]
  },
  carryOut: async (params, _facts, _commands, context) => ({
    ...(await rehearse(await rehearsalPlan(params, context))),
  }),
  async carryOutUndo(params, _factsBefore, context) {
    await clearRehearsal(await rehearsalPlan(params, context))
    return { cleared: rehearsalName(context.database(params.from).database) }
  },
}

async function rehearsalPlan(params: PostgresRehearseParams, context: StepContext): Promise<RehearsalPlan> {
  return {
    from: context.database(params.from),
    to: context.database(params.to),
    entry: await entryOf(params.endpoint, context),
    ...(await givenWaivers(params, context)),
    schemaOnly: params.mode === 'schema-only',
    writers: params.writers,
    writerPauseMs: params.writerPauseMs,
    calmMs: params.calmMs,
    copyTimeoutMs: params.copyTimeoutMs,
    bounds: {
      deadlineMs: params.deadlineMs,
      pauseTimeoutMs: params.pauseTimeoutMs,
      maxTransactionAgeMs: 1_000,
      attempts: 10,
      postponeMs: 1_000,
      sequenceMargin: 1_000,
      slotTimeoutMs: 15_000,
      verifyTables: [],
      guarded: true,
    },
    signal: context.signal,
    say: (line) => {
      context.say(line)
    },
  }
}
