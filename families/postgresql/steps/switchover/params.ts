import { z } from 'zod'
import { wanted } from '../../../../domain/schema-problems.ts'
import { Identifier } from '../../../../domain/identifier.ts'
import { EndpointParams } from '../endpoint-params.ts'
import { WaiverParams } from '../waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresSwitchoverParams = z
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
    /** How long a switch that was cut off is brought to one open side by itself, while a server that decides is away. */
    recoverForMs: z.int().min(0).max(86_400_000).default(600_000),
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
    message: wanted('shorter-than-deadline'),
  })
export type PostgresSwitchoverParams = z.infer<typeof PostgresSwitchoverParams>

/**
 * Makes another side serve, in one critical section of a few dozen milliseconds that loses no acknowledged write. Run
 * again after any interruption it finds out by itself where things stand; sides swapped, it is the rollback.
 */
export const postgresSwitchover: StepDeclaration<PostgresSwitchoverParams> = {
  name: 'postgres-switchover',
  title: { zh: '数据库割接', en: 'Switch the database over' },
  params: PostgresSwitchoverParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ from, to, endpoint }) => ({ databases: [from, to], hosts: [endpoint.host] }),
}
