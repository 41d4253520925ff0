import { z } from 'zod'
import { coldSides, startTimeoutMs, stopTimeoutMs } from '../cold-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const ColdSwitchParams = z.strictObject({
  ...coldSides,
  /** How long nobody may be served before the switch is undone. */
  deadlineMs: z.int().min(1_000).max(604_800_000).default(14_400_000),
  stopTimeoutMs,
  startTimeoutMs,
  /** How long nothing may be heard of the runner before the side `from` serves again by itself. */
  silentAfterMs: z.int().min(2_000).max(3_600_000).default(120_000),
  /** An instant (ISO 8601) after which the switch is not begun, nor so that it could end later. */
  notAfter: z.union([z.iso.datetime({ offset: true }), z.literal('')]).optional(),
})
export type ColdSwitchParams = z.infer<typeof ColdSwitchParams>

/**
 * Makes the side `to` serve with nobody served meanwhile: stop, prove, copy, compare, decide, start. With the sides swapped it is the rollback.
 * After an interruption the step goes on from what both sides have on record.
 */
export const coldSwitch: StepDeclaration<ColdSwitchParams> = {
  name: 'cold-switch',
  title: { zh: '停机切换', en: 'Switch over with the system stopped' },
  params: ColdSwitchParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
