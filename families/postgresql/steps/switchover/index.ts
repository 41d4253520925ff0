import { z } from 'zod'
import { Identifier } from '../../../../domain/identifier.ts'
import type { WriteGap } from '../../../../domain/measurement/write-gap.ts'
import { EndpointParams, entryOf } from '../../pgbouncer/endpoint.ts'
import { WaiverParams, copiesLargeObjects, givenWaivers } from '../../rules/waivers.ts'
import { gapParts } from '../../switchover/plan.ts'
import { switchOver } from '../../switchover/switch-over.ts'
import type { StepKind } from '../../../../runner/steps/kind.ts'

const PostgresSwitchoverParams = z
  .strictObject({
    from: Identifier,
    to: Identifier,
    endpoint: EndpointParams,
    waivers: WaiverParams,
    /** The critical section is given up, and the old side opened again, after this. */
    deadlineMs: z.int().min(500).max(120_000).default(5_000),
    /** How long running transactions are waited for while new statements queue. */
    pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
    /** With an older transaction open, nobody is stopped and the switch is postponed. */
    maxTransactionAgeMs: z.int().min(10).max(3_600_000).default(1_000),
    attempts: z.int().min(1).max(100).default(10),
    postponeMs: z.int().min(10).max(600_000).default(2_000),
    /** How far sequences are set ahead on the new side: covers numbers held in sessions' caches. */
    sequenceMargin: z.int().min(0).max(1_000_000).default(1_000),
    /** Post a guardian: a process that lets the writers go on when the runner is killed in the critical section. */
    guarded: z.boolean().default(true),
    slotTimeoutMs: z.int().min(100).max(600_000).default(15_000),
    /** Small hot tables compared inside the critical section; everything else is verified before and after. */
    verifyTables: z.array(z.string()).max(20).default([]),
    /** An instant (ISO 8601) after which the switch is not begun any more. */
    notAfter: z.union([z.iso.datetime({ offset: true }), z.literal('')]).optional(),
  })
  .refine(({ deadlineMs, pauseTimeoutMs }) => pauseTimeoutMs < deadlineMs, {
    path: ['pauseTimeoutMs'],
    message: 'must be shorter than deadlineMs',
  })
type PostgresSwitchoverParams = z.infer<typeof PostgresSwitchoverParams>

/**
 * Makes another side serve, in one critical section of a few dozen milliseconds that loses no acknowledged write. Run
 * again after any interruption it finds out by itself where things stand; sides swapped, it is the rollback.
 */
export const postgresSwitchover: StepKind<PostgresSwitchoverParams, null> = {
  name: 'postgres-switchover',
  title: { zh: '数据库割接', en: 'Switch the database over' },
  params: PostgresSwitchoverParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ from, to, endpoint }) => ({ databases: [from, to], hosts: [endpoint.host] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: (params) =>
    gapParts
      .filter((part) => part !== 'largeObjects' || copiesLargeObjects(params))
      .filter((part) => part !== 'verify' || params.verifyTables.length > 0)
      .map((part) => ({ do: 'procedure', name: part, title: titles[part](params) })),
  async carryOut(params, _facts, _commands, context) {
    const result = await switchOver({
      from: context.database(params.from),
      to: context.database(params.to),
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
      signal: context.signal,
      say: (line) => {
        context.say(line)
      },
    })
    const undone = result.undoneGaps.map((gap) => `, and ${waited(gap)} before, for a switch that was undone`)
    context.say(`"${result.openSide}" serves; writers waited ${waited(result)}${undone.join('')}`)
    return { ...result }
  },
}

function waited({ gapMs, gapBound }: WriteGap): string {
  if (gapMs === undefined) return 'for a time that was not measured'
  return `${gapBound === undefined ? '' : 'at most '}${gapMs} ms`
}

const titles: Readonly<Record<(typeof gapParts)[number], (params: PostgresSwitchoverParams) => string>> = {
  pause: ({ endpoint }) => `pause "${endpoint.entryName}" at the entry`,
  fence: ({ from }) => `close "${from}" to the application: NOLOGIN, no CONNECT, read-only`,
  terminate: ({ from }) => `end every session on "${from}"`,
  prove: ({ from }) => `prove that nobody can log in to "${from}"`,
  marker: ({ from, to }) => `wait until a marker written on "${from}" is on "${to}"`,
  largeObjects: ({ to }) => `copy changed large objects to "${to}"`,
  verify: ({ verifyTables }) => `compare ${verifyTables.join(', ')}`,
  disable: ({ to }) => `stop replication into "${to}"`,
  sequences: ({ to, sequenceMargin }) => `set the sequences of "${to}", ${sequenceMargin} ahead`,
  advance: ({ to }) => `advance the reverse slot on "${to}"`,
  subscribe: ({ from }) => `let "${from}" follow from now on`,
  open: ({ to }) => `open "${to}": the commit point`,
  switch: ({ endpoint, to }) => `point "${endpoint.entryName}" at "${to}" and let the clients go on`,
}
