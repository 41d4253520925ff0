import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { before } from '../../deadline.ts'
import { copyWhileServing } from '../../switch/copy.ts'
import { isCopiedTo } from '../../switch/plan.ts'
import { sidesOf } from '../sides.ts'
import { type ColdRehearseParams, coldRehearse } from './params.ts'

/** Carries {@link coldRehearse} out. */
export const implementation = implementKind<ColdRehearseParams, null>(coldRehearse, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to }) => [
    {
      do: 'procedure',
      name: 'rehearse',
      title: `stop ${to}, copy everything from ${from}, which goes on serving, measure and start it`,
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    const { from, to } = sidesOf(params, context)
    const { timeoutMs, stopTimeoutMs, startTimeoutMs } = params
    const say = (line: string): void => context.say(line)
    const done = await before(timeoutMs, context.signal, async (signal) =>
      copyWhileServing(from, to, { timeoutMs, stopTimeoutMs, startTimeoutMs, signal, say }),
    )
    const { bytes, stopMs, copyMs, measureMs, startMs } = done
    const whole = stopMs + copyMs + measureMs + startMs
    const back = isCopiedTo(from) ? whole : stopMs + startMs
    return {
      bytes,
      anatomyMs: { stop: stopMs, copy: copyMs, measure: measureMs, start: startMs },
      cutoverMs: whole,
      rollbackMs: back,
      // Nobody can write meanwhile: the whole of it is the gap, and there are no writes to be counted.
      cutoverGapMs: whole,
      rollbackGapMs: back,
    }
  },
})
