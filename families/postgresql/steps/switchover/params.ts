import { z } from 'zod'
import { wanted } from '../../../../domain/schema-problems.ts'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { EndpointParams, hostsOfEndpoint } from '../endpoint-params.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

/** After so long the critical section is aborted, where a playbook says nothing. */
export const defaultDeadlineMs = 5_000

export const PostgresSwitchoverParams = z
  .strictObject({
    from: DatasetReference,
    to: DatasetReference,
    endpoint: EndpointParams,
    /** Databases that are switched at the same decision point: that of `from` and `to`. */
    also: z
      .array(z.strictObject({ from: DatasetReference, to: DatasetReference, endpoint: EndpointParams }))
      .max(20)
      .default([]),
    waivers: WaiverParams,
    /** After this time the critical section is aborted and the side `from` is opened again. */
    deadlineMs: z.int().min(500).max(120_000).default(defaultDeadlineMs),
    /** How long the pause waits for running transactions while new statements queue. */
    pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
    /** If an older transaction is open, the switch is postponed and no client waits. */
    maxTransactionAgeMs: z.int().min(10).max(3_600_000).default(1_000),
    attempts: z.int().min(1).max(100).default(10),
    postponeMs: z.int().min(10).max(600_000).default(2_000),
    /** How far sequences are set ahead on the side `to`, to cover numbers in the caches of sessions. */
    sequenceMargin: z.int().min(0).max(1_000_000).default(1_000),
    /** How long runner and guardian go on trying to settle an interrupted switch while a server that decides is away. */
    recoverForMs: z.int().min(0).max(86_400_000).default(600_000),
    /** Whether a guardian is started: a process that settles the switch if the runner is killed in the critical section. */
    guarded: z.boolean().default(true),
    slotTimeoutMs: z.int().min(100).max(600_000).default(15_000),
    /** Small, frequently written tables of the first database to compare inside the critical section; all others are verified before and after it. */
    verifyTables: z.array(z.string()).max(20).default([]),
    /** An instant (ISO 8601) after which the switch is not begun. */
    notAfter: z.union([z.iso.datetime({ offset: true }), z.literal('')]).optional(),
  })
  .refine(({ deadlineMs, pauseTimeoutMs }) => pauseTimeoutMs < deadlineMs, {
    path: ['pauseTimeoutMs'],
    message: wanted('shorter-than-deadline'),
  })
export type PostgresSwitchoverParams = z.infer<typeof PostgresSwitchoverParams>

/**
 * Makes the side `to` serve, in one critical section of a few dozen milliseconds that loses no acknowledged write. Several databases
 * (`also`) are switched together: all or none of them. After an interruption the step reads the state from the databases and continues. With the sides swapped it is the rollback.
 */
export const postgresSwitchover: StepDeclaration<PostgresSwitchoverParams> = {
  name: 'postgres-switchover',
  title: { zh: '数据库割接', en: 'Switch the database over' },
  params: PostgresSwitchoverParams,
  does: 'switch',
  onlyInMove: true,
  uses: (params) => {
    const all = [params, ...params.also]
    return {
      databases: all.flatMap(({ from, to }) => [from, to]),
      hosts: all.flatMap(({ from, to, endpoint }) => hostsOfEndpoint(endpoint, [from, to])),
    }
  },
}
