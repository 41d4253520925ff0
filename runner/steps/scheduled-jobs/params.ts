import { z } from 'zod'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

const OneLine = z.string().regex(/^[^\r\n\0]+$/, 'must be one line')
const Text = OneLine.max(1_000)

export const ScheduledJobsParams = z.strictObject({
  host: Identifier,
  /** A job is one of the system's when its line, its unit or a script it runs contains one of these. */
  mentions: z.array(Text.min(4, 'must have at least four characters')).min(1).max(50),
  /** `off` on a side that does not serve, `on` on the one that does; `switchable` only looks whether both could be done. */
  state: z.enum(['on', 'off', 'switchable']),
  /** Jobs that contain one of these stay as they are: those of both sides. */
  leave: z.array(Text).max(50).default([]),
  /** Jobs that the crontab of the login user is to have, on or off as `state` says. */
  define: z
    .array(
      z.strictObject({
        schedule: OneLine.regex(
          /^(@\w+|\S+( \S+){4})$/,
          'must be five fields of a crontab, or a word such as "@daily"',
        ),
        command: Text,
      }),
    )
    .max(50)
    .default([]),
})
export type ScheduledJobsParams = z.infer<typeof ScheduledJobsParams>

/** Where a job stands. A `fixed` one runs, and this kind cannot switch it off. */
export interface Job {
  readonly state: 'on' | 'off' | 'fixed'
  /** `user`, `user NAME`, `file PATH` or `timer`; of a fixed one whatever says where it is. */
  readonly source: string
  /** Of a line the beginning of its SHA-256; of a timer its name. */
  readonly id: string
  /** As people see it, secrets masked. */
  readonly text: string
}

export interface ScheduledJobsFacts {
  readonly jobs: readonly Job[]
  /** Places the login user may not look into. */
  readonly unseen: readonly string[]
}

/** The scheduled jobs of a system on one host, cron's and systemd's: off where it does not serve, on where it does. */
export const scheduledJobs: StepDeclaration<ScheduledJobsParams> = {
  name: 'scheduled-jobs',
  title: { zh: '定时任务', en: 'Scheduled jobs' },
  params: ScheduledJobsParams,
  undoable: ({ state }) => state !== 'switchable',
}
