import { assertReleased } from '../../../../runner/steps/released.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { alone } from '../../sides/alone.ts'
import { disarm } from '../../replicate/disarm.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlDisarmParams, mysqlDisarm } from './params.ts'

/** Carries {@link mysqlDisarm} out. */
export const implementation = implementKind<MysqlDisarmParams, SideNames>(mysqlDisarm, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => namesOf(params, context),
  plan: (_params, { from, to }) => [
    {
      do: 'procedure',
      name: 'released',
      title: `refuse before retention is over, and unless ${from} is released and closed`,
    },
    {
      do: 'procedure',
      name: 'channels',
      title: `end the channel between ${from} and ${to}, and its accounts`,
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    await assertReleased(context)
    const { from, to } = sidesOf(params, context)
    await alone([from, to], async () => disarm(from, to))
    return { changed: true }
  },
})
