import { z } from 'zod'
import { wanted } from '../../../domain/schema-problems.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'
import type { ReasonNotRun } from './cron-there.ts'

const OneLine = z.string().regex(/^[^\r\n\0]+$/, wanted('one-line'))
const Text = OneLine.max(1_000)

export const ScheduledJobsParams = z
  .strictObject({
    host: Identifier,
    /** A job belongs to the system if its line, its unit or a script that it runs contains one of these. */
    mentions: z
      .array(Text.min(4, wanted('four-characters')))
      .min(1)
      .max(50),
    /**
     * `off` on a side that does not serve, `on` on the side that serves; `switchable` only checks that every job can be switched off, and
     * `startable` that cron will run those that are off once they are on.
     */
    state: z.enum(['on', 'off', 'switchable', 'startable']),
    /** Jobs that contain one of these stay as they are: jobs that both sides need. */
    leave: z.array(Text).max(50).default([]),
    /** How long `off` waits for runs that are under way. */
    runsEndWithinMs: z.int().min(0).max(600_000).default(30_000),
    /** Jobs to add to the crontab of the login user, on or off as `state` says. */
    define: z
      .array(
        z.strictObject({
          schedule: OneLine.regex(/^(@\w+|\S+( \S+){4})$/, wanted('crontab-schedule')),
          command: Text.regex(/^([^%\\]|\\.)*\\?$/u, wanted('percent-escaped')),
        }),
      )
      .max(50)
      .default([]),
  })
  .refine(
    ({ define, leave }) => !define.some(({ command }) => leave.some((text) => command.includes(text))),
    { path: ['define'], message: wanted('defines-job-left-as-is') },
  )
export type ScheduledJobsParams = z.infer<typeof ScheduledJobsParams>

/** A job and its state. A `fixed` job is on, and this kind cannot switch it off. */
export interface Job {
  readonly state: 'on' | 'off' | 'fixed'
  /** `user`, `user NAME`, `file PATH` or `timer`; for a fixed job any text that says where it is. */
  readonly source: string
  /** For a line the beginning of its SHA-256; for a timer its name. */
  readonly id: string
  /** The job as people see it, with secrets masked. */
  readonly text: string
  /** Why cron does not run it, whatever its state. */
  readonly notRun?: ReasonNotRun
}

export interface ScheduledJobsFacts {
  readonly jobs: readonly Job[]
  /** Places that the login user may not read. */
  readonly unseen: readonly string[]
}

/** Switches the scheduled jobs of a system on one host (cron and systemd): off where it does not serve, on where it serves. */
export const scheduledJobs: StepDeclaration<ScheduledJobsParams> = {
  name: 'scheduled-jobs',
  title: { zh: '定时任务', en: 'Scheduled jobs' },
  params: ScheduledJobsParams,
  undoable: ({ state }) => state === 'on' || state === 'off',
}
