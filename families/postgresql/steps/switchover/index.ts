import type { WriteGap } from '../../../../domain/measurement/write-gap.ts'
import { entryOf } from '../../entry/of-step.ts'
import { copiesLargeObjects, givenWaivers } from '../../census/waivers.ts'
import { gapParts } from '../../switchover/plan.ts'
import { switchOver } from '../../switchover/switch-over.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { namedSides } from '../named-sides.ts'
import { entryNameOf } from '../endpoint-params.ts'
import { type PostgresSwitchoverParams, postgresSwitchover } from './params.ts'
import { sideName } from '../../side-name.ts'

type Sides = Readonly<Record<'from' | 'to', string>>

/** Carries {@link postgresSwitchover} out. */
export const implementation = implementKind<PostgresSwitchoverParams, Sides>(postgresSwitchover, {
  interrupted: () => 'plan-again',
  gather: async ({ from, to }, context) => namedSides({ from, to }, context),
  plan: (params, sides) =>
    gapParts
      .filter((part) => !ofAnEntry.has(part) || entryNameOf(params.endpoint) !== undefined)
      .filter((part) => part !== 'largeObjects' || copiesLargeObjects(params))
      .filter((part) => part !== 'verify' || params.verifyTables.length > 0)
      .map((part) => ({ do: 'procedure', name: part, title: titles[part]({ ...params, ...sides }) })),
  async carryOut(params, _facts, _commands, context) {
    const result = await switchOver({
      from: context.dataset(params.from, postgresql),
      to: context.dataset(params.to, postgresql),
      entry: await entryOf(params.endpoint, context),
      deadlineMs: params.deadlineMs,
      pauseTimeoutMs: params.pauseTimeoutMs,
      maxTransactionAgeMs: params.maxTransactionAgeMs,
      attempts: params.attempts,
      postponeMs: params.postponeMs,
      sequenceMargin: params.sequenceMargin,
      slotTimeoutMs: params.slotTimeoutMs,
      ...(await givenWaivers(params, context)),
      verifyTables: params.verifyTables,
      ...(params.notAfter === undefined || params.notAfter === ''
        ? {}
        : { notAfterMs: Date.parse(params.notAfter) }),
      guarded: params.guarded,
      recoverForMs: params.recoverForMs,
      signal: context.signal,
      say: (line) => {
        context.say(line)
      },
    })
    const undone = result.undoneGaps.map((gap) => `, and ${waited(gap)} before, for a switch that was undone`)
    context.say(
      `${sideName(context.dataset(params.to, postgresql))} serves; writers waited ${waited(result)}${undone.join('')}`,
    )
    return { ...result }
  },
})

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
