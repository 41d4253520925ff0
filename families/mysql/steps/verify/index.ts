import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { MysqlDiffersError } from '../../errors.ts'
import { verify } from '../../verify/verify.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlVerifyParams, mysqlVerify } from './params.ts'

/** Carries {@link mysqlVerify} out. */
export const implementation = implementKind<MysqlVerifyParams, SideNames>(mysqlVerify, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => namesOf(params, context),
  plan: (_params, { from, to }) => [
    {
      do: 'procedure',
      name: 'verify',
      title: `compare every row of ${from} and ${to} as of one transaction, and all definitions`,
      changesNothing: true,
    },
  ],
  async carryOut({ onDifference, ...named }, _facts, _commands, context) {
    const { signal } = context
    const found = await verify({ ...sidesOf(named, context), signal, say: (line) => context.say(line) })
    if (!found.equal && onDifference === 'fail') throw new MysqlDiffersError(found.differences)
    context.say(
      `${String(found.rows)} rows in ${String(found.ranges)} ranges: ${found.equal ? 'equal' : 'DIFFERENT'}`,
    )
    return { ...found, differences: found.differences.slice(0, 50) }
  },
})
