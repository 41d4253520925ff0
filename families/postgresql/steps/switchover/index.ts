import type { WriteGap } from '../../../../domain/measurement/write-gap.ts'
import { entryOf } from '../../entry/of-step.ts'
import { copiesLargeObjects, givenWaivers } from '../../census/waivers.ts'
import { type SwitchPlan, gapParts } from '../../switchover/plan.ts'
import { switchTogether } from '../../switchover/switch-over.ts'
import type { StepContext } from '../../../../runner/steps/kind.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { datasetOf, namedSides, resultOfAll } from '../named-sides.ts'
import { entryNameOf } from '../endpoint-params.ts'
import { type PostgresSwitchoverParams, postgresSwitchover } from './params.ts'
import { sideName } from '../../side-name.ts'

/** The sides of each database as titles name them, the deciding one first. */
type Sides = readonly Readonly<Record<'from' | 'to', string>>[]

/** Carries {@link postgresSwitchover} out. */
export const implementation = implementKind<PostgresSwitchoverParams, Sides>(postgresSwitchover, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => allOf(params).map(({ from, to }) => namedSides({ from, to }, context)),
  plan: (params, [first, ...others]) => [
    ...gapParts
      .filter((part) => !ofAnEntry.has(part) || entryNameOf(params.endpoint) !== undefined)
      .filter((part) => part !== 'largeObjects' || copiesLargeObjects(params))
      .filter((part) => part !== 'verify' || params.verifyTables.length > 0)
      .map((part) => ({
        do: 'procedure' as const,
        name: part,
        title: titles[part]({ ...params, ...first }),
      })),
    ...others.map(({ from, to }, at) => ({
      do: 'procedure' as const,
      name: `also-${String(at + 1)}`,
      title: `the same from ${from} to ${to}: none opens before all are closed, and the first one decides`,
    })),
  ],
  async carryOut(params, _facts, _commands, context) {
    const bounds = boundsOf(params, context)
    const planOf = async ({ from, to, endpoint }: SwitchedDatabase): Promise<SwitchPlan> => ({
      ...bounds,
      from: context.dataset(from, postgresql),
      to: context.dataset(to, postgresql),
      entry: await entryOf(endpoint, context),
      ...(await givenWaivers({ waivers: params.waivers, from }, context)),
      verifyTables: from === params.from ? params.verifyTables : [],
    })
    const others = await Promise.all(params.also.map(planOf))
    const results = await switchTogether([await planOf(params), ...others])
    for (const [at, { to }] of allOf(params).entries()) {
      const result = results[at] ?? results[0]
      const undone = result.undoneGaps.map(
        (gap) => `, and ${waited(gap)} before, for a switch that was undone`,
      )
      const side = sideName(context.dataset(to, postgresql))
      context.say(`${side} serves; writers waited ${waited(result)}${undone.join('')}`)
    }
    return resultOfAll(allOf(params).map(({ to }, at) => [datasetOf(to), { ...results[at] }]))
  },
})

type SwitchedDatabase = Pick<PostgresSwitchoverParams, 'from' | 'to' | 'endpoint'>

function boundsOf(
  params: PostgresSwitchoverParams,
  context: StepContext,
): Omit<SwitchPlan, 'from' | 'to' | 'entry' | 'waivers' | 'wasWaived' | 'verifyTables'> {
  return {
    deadlineMs: params.deadlineMs,
    pauseTimeoutMs: params.pauseTimeoutMs,
    maxTransactionAgeMs: params.maxTransactionAgeMs,
    attempts: params.attempts,
    postponeMs: params.postponeMs,
    sequenceMargin: params.sequenceMargin,
    slotTimeoutMs: params.slotTimeoutMs,
    ...(params.notAfter === undefined || params.notAfter === ''
      ? {}
      : { notAfterMs: Date.parse(params.notAfter) }),
    guarded: params.guarded,
    recoverForMs: params.recoverForMs,
    signal: context.signal,
    say: (line) => {
      context.say(line)
    },
  }
}

const allOf = (params: PostgresSwitchoverParams): readonly SwitchedDatabase[] => [params, ...params.also]

/** Parts that do nothing where clients connect to the servers themselves. */
const ofAnEntry: ReadonlySet<string> = new Set(['pause', 'switch'])

function waited({ gapMs, gapBound }: WriteGap): string {
  if (gapMs === undefined) return 'for a time that was not measured'
  return `${gapBound === undefined ? '' : 'at most '}${gapMs} ms`
}

const titles: Readonly<Record<(typeof gapParts)[number], (params: PostgresSwitchoverParams) => string>> = {
  pause: ({ endpoint }) => `pause "${entryNameOf(endpoint) ?? ''}" at the entry`,
  fence: ({ from }) =>
    `close ${from} to the application: no CONNECT, NOLOGIN of roles that work nowhere else, read-only`,
  terminate: ({ from }) => `end every session on ${from}`,
  prove: ({ from }) => `prove that nobody can log in to ${from}`,
  marker: ({ from, to }) => `wait until a marker written on ${from} is on ${to}`,
  largeObjects: ({ to }) => `copy changed large objects to ${to}`,
  verify: ({ verifyTables }) => `compare ${verifyTables.join(', ')}`,
  disable: ({ to }) => `stop replication into ${to}`,
  sequences: ({ to, sequenceMargin }) => `set the sequences of ${to}, ${sequenceMargin} ahead`,
  advance: ({ to }) => `advance the reverse slot on ${to}`,
  subscribe: ({ from }) => `let ${from} follow from now on`,
  open: ({ to }) => `open ${to}: the commit point`,
  switch: ({ endpoint, to }) => `point "${entryNameOf(endpoint) ?? ''}" at ${to} and let the clients go on`,
}
