import { assertReleased } from '../../../../runner/steps/released.ts'
import type { DatabasePort } from '../../database.ts'
import { NewSideNotServingError } from '../../replication/errors.ts'
import { assertClosed, recorded } from '../../replication/old-side.ts'
import { disarm } from '../../replication/stop.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { sideName } from '../../side-name.ts'
import { namedSides } from '../named-sides.ts'
import { type PostgresDisarmParams, postgresDisarm } from './params.ts'

type Sides = Readonly<Record<'from' | 'to', string>>

/** If both sides are closed, a switch is under way or was interrupted, and its way back must stay. @throws NewSideNotServingError */
async function assertServes(port: DatabasePort): Promise<void> {
  const unknown = (): undefined => undefined
  const found = await recorded(port).catch(unknown)
  if (found?.state === 'closed') throw new NewSideNotServingError(sideName(port), undefined, found)
}

/** Carries {@link postgresDisarm} out. */
export const implementation = implementKind<PostgresDisarmParams, Sides>(postgresDisarm, {
  interrupted: () => 'plan-again',
  gather: async ({ from, to }, context) => namedSides({ from, to }, context),
  plan: (_params, { from, to }) => [
    {
      do: 'procedure',
      name: 'released',
      title: `refuse before retention is over, and unless ${from} is released and closed`,
    },
    { do: 'procedure', name: 'links', title: `drop subscriptions and slots between ${from} and ${to}` },
    { do: 'procedure', name: 'objects', title: 'drop publications, event triggers and markers' },
  ],
  async carryOut(params, _facts, _commands, context) {
    await assertReleased(context)
    const sides = [context.dataset(params.from, postgresql), context.dataset(params.to, postgresql)] as const
    await assertClosed(sides[0])
    await assertServes(sides[1])
    const result = await disarm({
      sides,
      closedSide: 'keep',
      waivers: params.waivers,
      say: (line) => {
        context.say(line)
      },
    })
    return { ...result }
  },
})
