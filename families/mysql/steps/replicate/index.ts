import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { follow } from '../../replicate/follow.ts'
import { discard } from '../../replicate/discard.ts'
import { alone } from '../../sides/alone.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlReplicateParams, mysqlReplicate } from './params.ts'

/** Carries {@link mysqlReplicate} out. */
export const implementation = implementKind<MysqlReplicateParams, SideNames>(mysqlReplicate, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => namesOf(params, context),
  plan: (_params, { from, to }) => [
    { do: 'procedure', name: 'assess', title: `look for what cannot be copied of ${from}` },
    {
      do: 'procedure',
      name: 'seed',
      title: `copy accounts, schema and rows into ${to}, whose log begins anew`,
    },
    { do: 'procedure', name: 'follow', title: `let ${to} follow ${from}, closed to everybody` },
  ],
  async carryOut({ waivers, ...named }, _facts, _commands, context) {
    const sides = sidesOf(named, context)
    const say = (line: string): void => context.say(line)
    const plan = { ...sides, as: 'pair', waivers, signal: context.signal, say } as const
    return { changed: true, ...(await alone([sides.from, sides.to], async () => follow(plan))) }
  },
  async carryOutUndo(named, _factsBefore, context) {
    const { from, to } = sidesOf(named, context)
    await alone([from, to], async () => discard(from, to))
    return { removed: [to.database] }
  },
})
