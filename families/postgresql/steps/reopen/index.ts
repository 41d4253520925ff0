import { entryOf } from '../../entry/of-step.ts'
import { type AloneResult, aloneParts, openAlone } from '../../switchover/open-alone.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { datasetOf, namedSides, resultOfAll } from '../named-sides.ts'
import { entryNameOf } from '../endpoint-params.ts'
import { type PostgresReopenParams, postgresReopen } from './params.ts'
import { sideName } from '../../side-name.ts'

/** The sides of each database as titles name them. */
type Sides = readonly Readonly<Record<'gone' | 'to', string>>[]

/** Carries {@link postgresReopen} out. */
export const implementation = implementKind<PostgresReopenParams, Sides>(postgresReopen, {
  interrupted: () => 'plan-again',
  gather: async (params, context) =>
    [params, ...params.also].map(({ gone, to }) => namedSides({ gone, to }, context)),
  plan: (params, [first, ...others]) => [
    ...aloneParts
      .filter((part) => !ofAnEntry.has(part) || entryNameOf(params.endpoint) !== undefined)
      .map((part) => ({
        do: 'procedure' as const,
        name: part,
        title: titles[part]({ ...params, ...first }),
      })),
    ...others.map(({ gone, to }, at) => ({
      do: 'procedure' as const,
      name: `also-${String(at + 1)}`,
      title: `the same of ${to}, without ${gone}`,
    })),
  ],
  async carryOut(params, _facts, _commands, context) {
    const opened: (readonly [dataset: string, result: AloneResult])[] = []
    for (const { gone, to, endpoint } of [params, ...params.also]) {
      const side = context.dataset(to, postgresql)
      const result = await openAlone({
        gone: context.dataset(gone, postgresql),
        to: side,
        entry: await entryOf(endpoint, context),
        lookTimeoutMs: params.lookTimeoutMs,
        pauseTimeoutMs: params.pauseTimeoutMs,
        sequenceMargin: params.sequenceMargin,
        evenIncomplete: params.evenIncomplete,
        signal: context.signal,
        say: (line) => {
          context.say(line)
        },
      })
      context.say(`${sideName(side)} serves alone; it is known to be current until ${result.currentUntil}`)
      opened.push([datasetOf(to), { ...result }])
    }
    return resultOfAll(opened)
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
