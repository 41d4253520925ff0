import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { rehearse } from '../../rehearsal/rehearse.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlRehearseParams, mysqlRehearse } from './params.ts'

/** Carries {@link mysqlRehearse} out. */
export const implementation = implementKind<MysqlRehearseParams, SideNames>(mysqlRehearse, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => namesOf(params, context),
  plan: (_params, { from, to }) => [
    { do: 'procedure', name: 'stage', title: `let ${to} follow ${from}` },
    { do: 'procedure', name: 'switches', title: `switch from ${from} to ${to} and back, under writers` },
    { do: 'procedure', name: 'clear', title: `remove everything from ${to}` },
  ],
  async carryOut(params, _facts, _commands, context) {
    const { from: staging, to: target } = sidesOf(params, context)
    const { deadlineMs, waivers, writers, writerPauseMs, calmMs } = params
    const result = await rehearse({
      ...{ staging, target, waivers, writers, writerPauseMs, calmMs },
      bounds: { deadlineMs, maxTransactionAgeMs: 1_000, quietWithinMs: 60_000, recoverForMs: 60_000 },
      signal: context.signal,
      say: (line) => context.say(line),
    })
    return { ...result }
  },
})
