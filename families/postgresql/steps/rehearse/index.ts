import { entryOf } from '../../entry/of-step.ts'
import { givenWaivers } from '../../census/waivers.ts'
import { type RehearsalPlan, clearRehearsal, rehearse } from '../../rehearsal/rehearse.ts'
import { rehearsalName } from '../../rehearsal/rehearsal-database.ts'
import type { StepContext } from '../../../../runner/steps/kind.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { namedSides } from '../named-sides.ts'
import { entryNameOf } from '../endpoint-params.ts'
import { type PostgresRehearseParams, postgresRehearse } from './params.ts'

type Sides = Readonly<Record<'from' | 'to', string>>

/** Carries {@link postgresRehearse} out. */
export const implementation = implementKind<PostgresRehearseParams, Sides>(postgresRehearse, {
  interrupted: () => 'plan-again',
  gather: async ({ from, to }, context) => namedSides({ from, to }, context),
  plan({ writers, endpoint }, { from, to }) {
    const hasEntry = entryNameOf(endpoint) !== undefined
    const part = (name: string, title: string) => ({ do: 'procedure' as const, name, title })
    return [
      part(
        'copy',
        `copy ${from} beside itself, with a role ${hasEntry ? 'and an entry ' : ''}of the copy's own`,
      ),
      part('replicate', `let a database on the server of ${to} follow the copy`),
      part('cutover', `switch the copy over under ${writers} writers`),
      part('rollback', 'switch it back'),
      part('clear', `take the copies and the role ${hasEntry ? 'and the entry ' : ''}away`),
    ]
  },
  carryOut: async (params, _facts, _commands, context) => ({
    ...(await rehearse(await rehearsalPlan(params, context))),
  }),
  async carryOutUndo(params, _factsBefore, context) {
    await clearRehearsal(await rehearsalPlan(params, context))
    return { cleared: rehearsalName(context.dataset(params.from, postgresql).database) }
  },
})

async function rehearsalPlan(params: PostgresRehearseParams, context: StepContext): Promise<RehearsalPlan> {
  return {
    from: context.dataset(params.from, postgresql),
    to: context.dataset(params.to, postgresql),
    entry: await entryOf(params.endpoint, context),
    ...(await givenWaivers(params, context)),
    schemaOnly: params.mode === 'schema-only',
    writers: params.writers,
    writerPauseMs: params.writerPauseMs,
    calmMs: params.calmMs,
    copyTimeoutMs: params.copyTimeoutMs,
    bounds: {
      recoverForMs: 60_000,
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
