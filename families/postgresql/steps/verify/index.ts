import { DataDiffersError } from '../../errors.ts'
import { copiesLargeObjects } from '../../census/waivers.ts'
import { verify } from '../../verify/verify.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { namedSides } from '../named-sides.ts'
import { type PostgresVerifyParams, postgresVerify } from './params.ts'

type Sides = Readonly<Record<'from' | 'to', string>>

/** Carries {@link postgresVerify} out. */
export const implementation = implementKind<PostgresVerifyParams, Sides>(postgresVerify, {
  interrupted: () => 'plan-again',
  gather: async ({ from, to }, context) => namedSides({ from, to }, context),
  plan: (_params, { from, to }) => [
    {
      do: 'procedure',
      name: 'verify',
      title: `compare every table of ${from} and ${to} range by range, then views and large objects`,
      changesNothing: true,
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    const found = await verify({
      from: context.dataset(params.from, postgresql),
      to: context.dataset(params.to, postgresql),
      except: params.except,
      largeObjectsAtSwitch: copiesLargeObjects(params),
      rounds: params.rounds,
      signal: context.signal,
      say: (line) => {
        context.say(line)
      },
    })
    if (!found.equal && params.onDifference === 'fail') throw new DataDiffersError(found.differences)
    context.say(`${found.rows} rows in ${found.ranges} ranges: ${found.equal ? 'equal' : 'DIFFERENT'}`)
    return { ...found }
  },
})
