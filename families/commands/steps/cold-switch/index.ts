import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { coldSwitch as switchOver } from '../../switch/cold-switch.ts'
import { type ColdPart, coldParts, isCopiedTo } from '../../switch/plan.ts'
import { sidesOf } from '../sides.ts'
import { type ColdSwitchParams, coldSwitch } from './params.ts'

interface Sides {
  readonly from: string
  readonly to: string
  readonly copied: boolean
}

/** Carries {@link coldSwitch} out. */
export const implementation = implementKind<ColdSwitchParams, Sides>(coldSwitch, {
  interrupted: () => 'plan-again',
  async gather(params, context) {
    const { from, to } = sidesOf(params, context)
    return { from: from.name, to: to.name, copied: isCopiedTo(to) }
  },
  plan: (_params, sides) =>
    coldParts
      .filter((part) => sides.copied || (part !== 'copy' && part !== 'measure'))
      .map((part) => ({ do: 'procedure', name: part, title: titles[part](sides) })),
  async carryOut({ notAfter = '', ...params }, _facts, _commands, context) {
    const sides = sidesOf(params, context)
    const result = await switchOver({
      ...params,
      ...sides,
      ...(notAfter !== '' && { notAfterMs: Date.parse(notAfter) }),
      signal: context.signal,
      say: (line) => context.say(line),
    })
    context.say(`${sides.to.name} serves; nobody was served for ${String(result.gapMs ?? 0)} ms`)
    return { ...result }
  },
})

const titles: Readonly<Record<ColdPart, (sides: Sides) => string>> = {
  stop: ({ from }) => `stop ${from}, and prove that nothing can write there`,
  copy: ({ from, to }) => `copy everything from ${from} to ${to}`,
  measure: ({ from, to }) => `compare the figures of ${from} and ${to}`,
  open: ({ to, copied }) => `decide for ${to}${copied ? '' : ', as it was left'}: the commit point`,
  start: ({ to }) => `start ${to}`,
}
