import { setTimeout as sleep } from 'node:timers/promises'

import type { PlaybookRunView } from '../../api/contract.ts'
import type { ApiClient } from '../server/api-client.ts'
import { UnreachableError } from '../command-line/errors.ts'
import { exitCodes, type ExitCode } from '../command-line/exit-code.ts'
import { migrationMessages } from '../messages/migration.ts'
import { say } from '../../domain/words/said.ts'
import { playbookMessages as m, runStepStates } from '../messages/playbook.ts'
import type { Session } from '../identity/session.ts'
import { Moments } from '../views/moment.ts'
import { outline } from '../views/outline.ts'

type Step = PlaybookRunView['steps'][number]

const pollEveryMs = 1_000

/**
 * Follows a run outside a move to its end: a line on standard error for each step that changes (none with `--json`), and
 * what came of it on standard output. An interrupt ends the following alone.
 */
export async function followPlaybookRun(session: Session, runId: string): Promise<ExitCode> {
  const api = await session.api()
  const { interrupted } = session
  const told = new Map<string, Step['state']>()
  const zonesTold = new Set<string>()
  while (!interrupted.aborted) {
    const run = await look(session, api, runId)
    if (run !== undefined) {
      if (!session.json) {
        tellChanges(session, run, told)
        tellZones(session, run, zonesTold)
      }
      if (run.state !== 'running') return showEnd(session, run)
    }
    await sleep(pollEveryMs, undefined, { signal: interrupted }).catch(() => undefined)
  }
  session.terminal.note(session.say(m.goesOn, { run: runId, program: session.program }))
  return exitCodes.interrupted
}

/** The run goes on while the API is away, and so does following it. */
async function look(session: Session, api: ApiClient, runId: string): Promise<PlaybookRunView | undefined> {
  try {
    return await api.call('showPlaybookRun', { params: { run: runId } })
  } catch (error) {
    if (session.interrupted.aborted) return undefined
    if (!(error instanceof UnreachableError)) throw error
    session.terminal.note(session.say(migrationMessages.lost, { cause: error.message }))
    return undefined
  }
}

function tellChanges(
  { say, terminal }: Session,
  { steps }: PlaybookRunView,
  told: Map<string, Step['state']>,
) {
  for (const [index, { step, host, state, error }] of steps.entries()) {
    const before = told.get(step)
    told.set(step, state)
    if (state === before || state === 'waiting' || state === 'not-reached') continue
    const { bad, good, quiet } = terminal.errPaint
    const paint = state === 'done' ? good : state === 'failed' || state === 'interrupted' ? bad : quiet
    terminal.note(
      say(m.stepProgress, {
        at: index + 1,
        of: steps.length,
        step,
        on: host === undefined ? '' : say(m.onHost, { host }),
        state: paint(say(runStepStates[state])),
        error: error === undefined ? '' : `: ${error}`,
      }),
    )
  }
}

/** Says of a zone once that nobody is there to do its steps. */
function tellZones(session: Session, { withoutRunner = [] }: PlaybookRunView, told: Set<string>): void {
  const moments = new Moments(session, session.timeZone)
  for (const { zone, sinceMs } of withoutRunner) {
    if (told.has(zone)) continue
    told.add(zone)
    const values = { zone, since: moments.at(sinceMs) }
    session.terminal.note(say(session.language, { code: 'zone-without-runner', values }))
  }
}

function showEnd(session: Session, run: PlaybookRunView): ExitCode {
  const { say, paint } = session
  const { runId, state, steps } = run
  session.show(run, () => [
    ...steps.flatMap(({ step, result }) => (result === undefined ? [] : [`${step}:`, ...outline(result, 1)])),
    state === 'done' ? paint.good(say(m.ran, { run: runId })) : paint.bad(endOf(session, run)),
  ])
  return state === 'done' ? exitCodes.ok : exitCodes.refused
}

function endOf({ say }: Session, { runId, failure }: PlaybookRunView): string {
  if (failure === undefined) return say(m.runLost, { run: runId })
  const { step, message } = failure
  return say(step === '' ? m.runFailed : m.runFailedAt, { run: runId, step, message })
}
