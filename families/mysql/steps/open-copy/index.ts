import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { openCopy } from '../../replicate/open-copy.ts'
import { alone } from '../../sides/alone.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlOpenCopyParams, mysqlOpenCopy } from './params.ts'

/** Carries {@link mysqlOpenCopy} out. */
export const implementation = implementKind<MysqlOpenCopyParams, SideNames>(mysqlOpenCopy, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => namesOf(params, context),
  plan: (_params, { from, to }) => [
    { do: 'procedure', name: 'part', title: `let ${to} follow ${from} no more` },
    { do: 'procedure', name: 'open', title: `unlock the accounts of ${to} that are open at ${from}` },
  ],
  async carryOut(params, _facts, _commands, context) {
    const { from, to } = sidesOf(params, context)
    return { changed: true, accounts: await alone([from, to], async () => openCopy(from, to)) }
  },
})
