import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { assertReady } from '../../switch/ready.ts'
import { sidesOf } from '../sides.ts'
import { type ColdReadyParams, coldReady } from './params.ts'

/** Carries {@link coldReady} out. */
export const implementation = implementKind<ColdReadyParams, null>(coldReady, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to }) => [
    {
      do: 'procedure',
      name: 'look',
      title: `see that ${from} serves, and that ${to} stands still`,
      changesNothing: true,
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    const { from, to } = sidesOf(params, context)
    await assertReady(from, to)
    return { changed: false }
  },
})
