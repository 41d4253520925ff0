import { entryOf } from '../../entry/of-step.ts'
import { aloneParts, openAlone } from '../../switchover/open-alone.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { namedSides } from '../named-sides.ts'
import { entryNameOf } from '../endpoint-params.ts'
import { type PostgresReopenParams, postgresReopen } from './params.ts'
import { sideName } from '../../side-name.ts'

type Sides = Readonly<Record<'gone' | 'to', string>>

/** Carries {@link postgresReopen} out. */
export const implementation = implementKind<PostgresReopenParams, Sides>(postgresReopen, {
  interrupted: () => 'plan-again',
  gather: async ({ gone, to }, context) => namedSides({ gone, to }, context),
  plan: (params, sides) =>
    aloneParts
      .filter((part) => !ofAnEntry.has(part) || entryNameOf(params.endpoint) !== undefined)
      .map((part) => ({
        do: 'procedure',
        name: part,
        title: titles[part]({ ...params, ...sides }),
      })),
  async carryOut(params, _facts, _commands, context) {
    const result = await openAlone({
      gone: context.dataset(params.gone, postgresql),
      to: context.dataset(params.to, postgresql),
      entry: await entryOf(params.endpoint, context),
      lookTimeoutMs: params.lookTimeoutMs,
      pauseTimeoutMs: params.pauseTimeoutMs,
      sequenceMargin: params.sequenceMargin,
      evenIncomplete: params.evenIncomplete,
      signal: context.signal,
      say: (line) => {
        context.say(line)
      },
    })
    context.say(
      `${sideName(context.dataset(params.to, postgresql))} serves alone; it is known to be current until ${result.currentUntil}`,
    )
    return { ...result }
  },
})

/** Parts that do nothing where clients connect to the servers themselves. */
const ofAnEntry: ReadonlySet<string> = new Set(['pause', 'switch'])

const titles: Readonly<Record<(typeof aloneParts)[number], (params: PostgresReopenParams) => string>> = {
  gone: ({ gone }) => `refuse when ${gone} gives any sign of life`,
  pause: ({ endpoint }) => `pause "${entryNameOf(endpoint) ?? ''}" at the entry`,
  detach: ({ gone, to }) => `detach ${to} from ${gone} for good`,
  sequences: ({ to, sequenceMargin }) =>
    `set the sequences of ${to} ahead, ${sequenceMargin} past what is known`,
  open: ({ to }) => `open ${to}: the commit point`,
  switch: ({ endpoint, to }) => `point "${entryNameOf(endpoint) ?? ''}" at ${to} and let the clients go on`,
}
