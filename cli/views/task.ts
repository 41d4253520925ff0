import type { TaskView } from '../../api/contract.ts'
import { taskMessages as m } from '../messages/task.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'
import { nameValueLines } from '../terminal/table.ts'
import { Moments } from './moment.ts'
import { documentLines } from './report.ts'
import { contextOfRole } from './context-of-role.ts'
import { taskCommands } from '../../api/contract/next-commands.mjs'
import { actorText, roleText } from './who.ts'

/** One task, with what it wants, what was done, and the lines that bring it on. */
export function taskLines(session: Session, view: TaskView): string[] {
  const { say, paint, language } = session
  const { task } = view
  const moments = new Moments(session, session.timeZone)
  const lab = view.profile === 'lab' ? `  ${paint.warn(`[${say(m.lab)}]`)}` : ''
  const tracked = view.tracked ? `  ${paint.warn(`[${say(m.tracked)}]`)}` : ''
  const of = ({ role, organisation }: TaskView['task']['assignee']): string =>
    roleText(session, role, { [role]: organisation })
  const reviewing = task.state === 'signed' || (task.state === 'completed' && !task.wantsSignature)
  const doer = reviewing && task.reviewer ? task.reviewer : task.assignee
  const as = contextOfRole(session, doer.role, doer.organisation)
  const wants = [
    ...(task.wantsEvidence ? [say(m.wantsEvidence)] : []),
    ...(task.wantsSignature ? [say(m.wantsSignature)] : []),
    ...(task.wantsFigures ? [say(m.wantsFigures, { names: task.wantsFigures.join(', ') })] : []),
    ...(task.openFindings ?? []).map(({ code, places }) => say(m.wantsReason, { code, places })),
  ]
  return nameValueLines(
    [
      [say(m.task), `${paint.strong(task.title[language])} (${task.id})${lab}${tracked}`],
      [
        say(m.belongs),
        say(m.belongsLine, {
          system: view.system,
          migration: view.migration,
          phase: say(names.phase[view.phase]),
          round: view.round,
        }),
      ],
      [say(m.state), say(names.taskState[task.state])],
      [say(m.assignee), of(task.assignee)],
      [say(m.reviewer), task.reviewer && of(task.reviewer)],
      [say(m.wants), wants.length === 0 ? undefined : wants.join(', ')],
      [say(m.takenBy), task.takenBy && actorText(session, task.takenBy)],
      [say(m.completedBy), task.completedBy && actorText(session, task.completedBy)],
      [say(m.note), task.note?.split('\n')],
      [
        say(m.goesOnWith),
        Object.entries(task.reasons ?? {}).map(([code, reason]) => say(m.reasonLine, { code, reason })),
      ],
      [
        say(m.figures),
        Object.entries(task.figures ?? {}).map(([name, figure]) => say(m.figureLine, { name, figure })),
      ],
      [
        say(m.evidence),
        task.evidence.map(({ name, sizeBytes, digest }) =>
          say(m.evidenceLine, { name, size: sizeBytes, digest }),
        ),
      ],
      [
        say(m.signature),
        task.signature &&
          say(m.signatureLine, { account: task.signature.by.account, key: task.signature.keyId }),
      ],
      [
        say(m.rejected),
        task.rejections.map(({ atMs, by, reason }) =>
          say(m.rejectedLine, { at: moments.at(atMs), account: by.account, reason }),
        ),
      ],
      [say(m.details), detailLines(session, task.details)],
      [
        say(m.next),
        taskCommands(task, view.system).map((line) => paint.accent(`${session.program} ${line}${as}`)),
      ],
    ],
    paint.quiet,
  )
}

/** What the person has to look at, in the words of the reader; nothing where there is nothing. */
function detailLines({ language }: Session, details: unknown): string[] {
  const isEmpty = details === null || typeof details !== 'object' || Object.keys(details).length === 0
  return isEmpty ? [] : documentLines(details, language)
}
