import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { type GapPart, gapParts } from '../../switch/plan.ts'
import { switchOver } from '../../switch/switch-over.ts'
import { namesOf, type SideNames, sidesOf } from '../sides.ts'
import { type MysqlSwitchoverParams, mysqlSwitchover } from './params.ts'

/** Carries {@link mysqlSwitchover} out. */
export const implementation = implementKind<MysqlSwitchoverParams, SideNames>(mysqlSwitchover, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => namesOf(params, context),
  plan: (_params, sides) => [
    {
      do: 'procedure',
      name: 'ready',
      title: `see that ${sides.to} is right behind, made nothing by itself, and can be followed by ${sides.from}`,
    },
    ...gapParts.map((part) => ({ do: 'procedure' as const, name: part, title: titles[part](sides) })),
    { do: 'procedure', name: 'back', title: `let ${sides.from} follow ${sides.to}` },
  ],
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

const titles: Readonly<Record<GapPart, (sides: SideNames) => string>> = {
  close: ({ from }) => `note that ${from} is closed, and leave an event there that undoes it`,
  fence: ({ from }) => `lock every account of ${from}, and turn its events off`,
  end: ({ from }) => `end every session of ${from}`,
  prove: ({ from }) => `prove that nobody is connected to ${from} and nobody can log in`,
  marker: ({ from }) => `write a last transaction at ${from}`,
  wait: ({ to }) => `wait until ${to} has it`,
  decide: ({ from, to }) => `note at ${from} that ${to} serves: the commit point`,
  open: ({ to }) => `unlock the accounts of ${to}, and turn its events on`,
}
