import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { alone } from '../../sides/alone.ts'
import { openAlone } from '../../switch/open-alone.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlReopenParams, mysqlReopen } from './params.ts'

/** Carries {@link mysqlReopen} out. */
export const implementation = implementKind<MysqlReopenParams, SideNames>(mysqlReopen, {
  interrupted: () => 'plan-again',
  gather: async ({ gone, to }, context) => namesOf({ from: gone, to }, context),
  plan: (_params, { from, to }) => [
    { do: 'procedure', name: 'gone', title: `refuse when ${from} gives any sign of life` },
    { do: 'procedure', name: 'apply', title: `apply what has arrived at ${to}` },
    { do: 'procedure', name: 'open', title: `open ${to}, which follows nobody any more` },
  ],
  async carryOut({ gone, to, ...within }, _facts, _commands, context) {
    const sides = sidesOf({ from: gone, to }, context)
    const plan = { gone: sides.from, to: sides.to, ...within, signal: context.signal }
    const result = await alone([sides.to], async () => openAlone(plan))
    context.say(`${sides.to.name} serves alone, with everything up to transaction ${result.position}`)
    return { ...result }
  },
})
