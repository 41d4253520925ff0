import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { quoteAll } from '../../../../runner/ssh/quote.ts'
import { before } from '../../deadline.ts'
import { copyWhileServing } from '../../switch/copy.ts'
import { sidesOf } from '../sides.ts'
import { isCopy, removeRecord } from '../../record.ts'
import { type ColdCopyParams, coldCopy } from './params.ts'

/** Carries {@link coldCopy} out. */
export const implementation = implementKind<ColdCopyParams, null>(coldCopy, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to }) => [
    { do: 'procedure', name: 'stop', title: `stop ${to}` },
    { do: 'procedure', name: 'copy', title: `copy everything from ${from}, which goes on serving, to ${to}` },
    { do: 'procedure', name: 'start', title: `start ${to}` },
  ],
  async carryOut({ timeoutMs, stopTimeoutMs, startTimeoutMs, ...named }, _facts, _commands, context) {
    const { from, to } = sidesOf(named, context)
    const say = (line: string): void => context.say(line)
    const copied = await before(timeoutMs, context.signal, async (signal) =>
      copyWhileServing(from, to, { stopTimeoutMs, startTimeoutMs, timeoutMs, signal, say }),
    )
    return { changed: true, ...copied }
  },
  async carryOutUndo({ stopTimeoutMs, ...named }, _before, context) {
    const { to } = sidesOf(named, context)
    if (!(await isCopy(to))) return { removed: [] }
    await to.halt({ timeoutMs: stopTimeoutMs, signal: context.signal })
    await to.host.run(`rm -rf -- ${quoteAll(to.place.paths)}`, { signal: context.signal })
    await removeRecord(to)
    return { removed: to.place.paths }
  },
})
