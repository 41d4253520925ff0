import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

/** How long nobody may be served before a switch is undone, unless it says otherwise. */
export const defaultDeadlineMs = 5_000

export const MysqlSwitchoverParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  /** How long nobody may be served before the switch is undone. */
  deadlineMs: z.int().min(500).max(120_000).default(defaultDeadlineMs),
  /** A transaction that has changed something and is open for longer is waited for, and no client waits meanwhile. */
  maxTransactionAgeMs: z.int().min(10).max(3_600_000).default(1_000),
  /** How long such transactions, and the other side to be right behind, are waited for. */
  quietWithinMs: z.int().min(100).max(3_600_000).default(60_000),
  /** How long a side that is to serve again is tried to be reached. */
  recoverForMs: z.int().min(0).max(86_400_000).default(600_000),
  /** An instant (ISO 8601) after which the switch is not begun, nor so that it could end later. */
  notAfter: z.union([z.iso.datetime({ offset: true }), z.literal('')]).optional(),
})
export type MysqlSwitchoverParams = z.infer<typeof MysqlSwitchoverParams>

/**
 * Makes the side `to` serve, in one critical section that loses no acknowledged write. After an interruption the step goes on from what both
 * sides have on record. With the sides swapped it is the rollback.
 */
export const mysqlSwitchover: StepDeclaration<MysqlSwitchoverParams> = {
  name: 'mysql-switchover',
  title: { zh: 'MariaDB 割接', en: 'Switch MariaDB over' },
  params: MysqlSwitchoverParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
