import type { AnswerOf, Routes } from '../../api/contract.ts'
import { playbookMessages as m, runStates } from '../messages/playbook.ts'
import type { Session } from '../identity/session.ts'
import { table } from '../terminal/table.ts'
import { Moments } from './moment.ts'

/** The runs of playbooks outside moves, one line each. */
export function playbookRunTable(
  session: Session,
  { runs, more }: AnswerOf<Routes['listPlaybookRuns']>,
): string[] {
  const { say, paint, program } = session
  if (runs.length === 0) return [say(m.noRuns)]
  const moments = new Moments(session, session.timeZone)
  const columns = [m.columnRun, m.columnPlan, m.columnWho, m.columnBegan, m.columnState]
  const lines = table(
    columns.map((title) => say(title)),
    runs.map(({ runId, plan, by, startedAtMs, state, failure }) => [
      runId,
      plan,
      by.account,
      moments.at(startedAtMs),
      failure === undefined
        ? say(runStates[state])
        : paint.bad(`${say(runStates[state])}: ${failure.message}`),
    ]),
    paint.strong,
  )
  return more ? [...lines, say(m.moreRuns, { program, limit: Math.min(1000, runs.length * 2) })] : lines
}
