import { maskSecrets } from '../../../domain/secret-text.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { digestOf } from '../../ssh/replace-file.ts'
import { carryOutCommands } from '../carry-out.ts'
import { implementKind } from '../implement-kind.ts'
import type { Command } from '../kind.ts'
import { reasonsNotRun } from './cron-there.ts'
import { JobsNotRunError, JobsNotSwitchableError } from './errors.ts'
import { type Job, type ScheduledJobsFacts, type ScheduledJobsParams, scheduledJobs } from './params.ts'
import { stillRunning } from './still-running.ts'
import { crontabScript, findScript, idLength, removeScript, timerScript } from './scripts.ts'

/** Carries {@link scheduledJobs} out. */
export const implementation = implementKind<ScheduledJobsParams, ScheduledJobsFacts>(scheduledJobs, {
  interrupted: () => 'plan-again',
  async gather(params, context) {
    // A job that is to be there is found whatever it mentions, so that it is not added a second time.
    const mentions = [...params.mentions, ...params.define.map(lineOf)]
    const script = findScript({ ...params, mentions })
    const { stdout } = await context.host(params.host).run(script, { signal: context.signal })
    return readFound(stdout)
  },
  plan(params, facts) {
    const { state, host } = params
    const fixed = facts.jobs.filter(isFixed)
    const look = (title: string): Command => ({ do: 'procedure', name: 'look', title, changesNothing: true })
    if (state === 'switchable')
      return [
        look(`look at ${facts.jobs.length} scheduled jobs on "${host}", ${fixed.length} cannot be switched`),
      ]
    if (state === 'startable')
      return [
        look(
          `look whether cron on "${host}" will run ${facts.jobs.filter(({ state: is }) => is === 'off').length} jobs`,
        ),
      ]
    return [
      ...(state === 'off' && fixed.length > 0
        ? [look(`refuse ${fixed.length} jobs that cannot be switched off`)]
        : []),
      ...switching(params, facts, state),
    ]
  },
  undo(params, before) {
    const { host, state } = params
    if (state === 'switchable' || state === 'startable') return []
    const added = missing(params, before).map(lineOf)
    return [
      ...switching({ ...params, define: [] }, asLeft(before, state), opposite[state]),
      ...(added.length === 0
        ? []
        : [shell(host, `take ${added.length} jobs out of the crontab again`, removeScript(added.map(idOf)))]),
    ]
  },
  async carryOut({ host, state, mentions, runsEndWithinMs }, { jobs, unseen }, commands, context) {
    const fixed = jobs.filter(isFixed)
    const lost = jobs.filter(isWantedInVain)
    if (state === 'startable' && lost.length > 0)
      throw new JobsNotRunError(context.host(host).name, lost.map(whyNotRun))
    if ((state === 'off' || state === 'switchable') && fixed.length > 0)
      throw new JobsNotSwitchableError(context.host(host).name, fixed.map(words))
    const toRun = commands.filter((command) => command.do !== 'procedure')
    await carryOutCommands(toRun, context)
    if (state === 'on' && lost.length > 0)
      context.say(new JobsNotRunError(context.host(host).name, lost.map(whyNotRun)).message)
    const notRun = jobs.filter((job) => job.notRun !== undefined)
    const running =
      state === 'off' && jobs.length > 0
        ? await stillRunning(context.host(host), mentions, jobs, { runsEndWithinMs, signal: context.signal })
        : []
    if (running.length > 0)
      context.say(`switched off on "${context.host(host).name}", and still running: ${running.join('; ')}`)
    return {
      changed: toRun.length > 0,
      jobs: jobs.map(words),
      notLookedAt: unseen,
      ...(running.length > 0 && { stillRunning: running }),
      ...(notRun.length > 0 && { notRun: notRun.map((job) => `${words(job)}: ${job.notRun ?? ''}`) }),
    }
  },
})

/** Whether cron ignores the table of a job as it is. Such a job was switched off by somebody, or never ran. */
const isIgnored = ({ notRun }: Job): boolean => notRun !== undefined && notRun !== 'no-cron'

const isFixed = (job: Job): boolean => job.state === 'fixed' && !isIgnored(job)

/** Whether a job is off here for the time being, or on, and cron would not run it. */
const isWantedInVain = (job: Job): boolean =>
  job.state === 'off' ? job.notRun !== undefined : job.notRun === 'no-cron'

const whyNotRun = (job: Job): Said =>
  said('job-not-run', { job: words(job), why: said(`cron-${job.notRun ?? 'no-cron'}`) })

const opposite = { on: 'off', off: 'on' } as const

/** The jobs that a step may have switched, as it left them: the undo starts from these. */
function asLeft({ jobs, unseen }: ScheduledJobsFacts, state: 'on' | 'off'): ScheduledJobsFacts {
  const left = jobs.flatMap((job) =>
    job.state === 'fixed' || (state === 'off' && isIgnored(job))
      ? []
      : [{ state: opposite[job.state], source: job.source, id: job.id, text: job.text }],
  )
  return { jobs: left, unseen }
}

/** The commands that bring every job into `state`, one for each crontab and timer with a job in the other state. */
function switching(
  params: ScheduledJobsParams,
  facts: ScheduledJobsFacts,
  state: 'on' | 'off',
): readonly Command[] {
  const { host } = params
  const others = facts.jobs.filter(
    (job) => job.state === opposite[state] && (state === 'on' || !isIgnored(job)),
  )
  const added = missing(params, facts).map(lineOf)
  const crontabs = new Set(others.filter(({ source }) => source !== 'timer').map(({ source }) => source))
  if (added.length > 0) crontabs.add('user')
  return [
    ...[...crontabs].map((source) => {
      const lines = others.filter((job) => job.source === source)
      const more = source === 'user' ? added : []
      const texts = [...lines.map(({ text }) => text), ...more.map((line) => maskSecrets(line))]
      const ids = lines.map(({ id }) => id)
      return shell(
        host,
        `${state}: ${texts.join('; ').slice(0, 300)}`,
        crontabScript(source, ids, state, more),
      )
    }),
    ...others
      .filter(({ source }) => source === 'timer')
      .map(({ id }) => shell(host, `${state}: ${id}`, timerScript(id, state))),
  ]
}

function missing(
  { define }: ScheduledJobsParams,
  { jobs }: ScheduledJobsFacts,
): ScheduledJobsParams['define'] {
  const known = new Set(jobs.filter(({ source }) => source === 'user').map(({ id }) => id))
  return define.filter((job) => !known.has(idOf(lineOf(job))))
}

function lineOf({ schedule, command }: ScheduledJobsParams['define'][number]): string {
  return `${schedule} ${command}`
}

function idOf(line: string): string {
  return digestOf(line).slice(0, idLength)
}

function words({ source, state, text }: Job): string {
  return `${text} (${source}${state === 'off' ? ', off' : ''})`
}

function shell(host: string, title: string, script: string): Command {
  return { do: 'shell', host, title, script }
}

function readFound(stdout: string): ScheduledJobsFacts {
  const jobs: Job[] = []
  const unseen: string[] = []
  for (const line of stdout.split('\n')) {
    const [what, state, source = '', id = '', text = '', why = ''] = line.split('\t')
    const notRun = reasonsNotRun.find((reason) => reason === why)
    if (what === '@@unseen') unseen.push(state ?? '')
    else if (what === '@@job' && (state === 'on' || state === 'off' || state === 'fixed'))
      jobs.push({
        state,
        source,
        id,
        text: maskSecrets(text).slice(0, 300),
        ...(notRun !== undefined && { notRun }),
      })
  }
  return { jobs, unseen }
}
