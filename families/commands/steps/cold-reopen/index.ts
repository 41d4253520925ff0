import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { openAlone } from '../../switch/open-alone.ts'
import { sidesOf } from '../sides.ts'
import { type ColdReopenParams, coldReopen } from './params.ts'

/** Carries {@link coldReopen} out. */
export const implementation = implementKind<ColdReopenParams, null>(coldReopen, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ gone, to }) => [
    { do: 'procedure', name: 'gone', title: `refuse when ${gone} gives any sign of life` },
    { do: 'procedure', name: 'start', title: `start ${to} as it was left` },
  ],
  async carryOut({ gone, to, startTimeoutMs }, _facts, _commands, context) {
    const { from, to: left } = sidesOf({ from: gone, to }, context)
    const result = await openAlone({ gone: from, to: left, startTimeoutMs, signal: context.signal })
    context.say(`${left.name} serves alone, as it was left at ${result.currentUntil}`)
    return { ...result }
  },
})
