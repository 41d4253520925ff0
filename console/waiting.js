import { messages as m } from './text.js'

/** Who has to do what, one sentence for each thing a move waits for, with the commands that do it. */
export function waitingLines(voice, move) {
  const { say, told, at } = voice
  const { timeZone } = move
  return move.waitingFor.flatMap((waiting) => {
    const roles = waiting.code === 'signoff' ? waiting.roles.map((role) => [role]) : [waiting.roles]
    return roles.map((those) => {
      const task = move.openTasks.find(({ id }) => id === waiting.subject)
      const values = {
        who: those.map((role) => whoText(voice, role, move.organisations)).join(say(m.or)),
        // A task is named by its title here; its id stands in the commands.
        ...(waiting.code !== 'task' && { subject: subjectOf(voice, move, waiting) }),
        title: task?.title[voice.language] ?? waiting.subject,
        until: waiting.untilMs === undefined ? '' : at(waiting.untilMs, timeZone),
      }
      const text = told({ code: codeOf(waiting, task), values })
      const as = asWhom(voice, those, move.organisations)
      const commands = commandsOf(voice, waiting, task, move).map((line) => `${line}${as}`)
      return { text, people: those.length > 0, commands }
    })
  })
}

function subjectOf({ word }, { standing }, { code, subject }) {
  if (code === 'blocked-step') return word('step', subject)
  return subject === '' ? word('standing', standing) : subject
}

/** Whom a command is typed as: the reader where it is theirs, else whoever has the role, by a context the page cannot know. */
function asWhom({ me }, roles, organisations) {
  const [role] = roles
  if (role === undefined) return ''
  const isMine =
    me !== undefined &&
    roles.includes(me.role) &&
    (organisations[me.role] ?? me.organisation) === me.organisation
  return isMine ? ` --account ${me.account}` : ` --context ${role.toUpperCase()}`
}

export function whoText({ say, word }, role, organisations) {
  const organisation = organisations[role]
  return organisation === undefined
    ? word('role', role)
    : say(m.whoOf, { role: word('role', role), organisation })
}

function codeOf({ code }, task) {
  if (code !== 'task') return `waits-${code}`
  if (task?.state === 'open' || task?.state === 'taken') return `waits-task-${task.state}`
  return task?.state === 'completed' && task.wantsSignature ? 'waits-task-to-sign' : 'waits-task-to-review'
}

/** Another account of the reader's own has it: it can be taken over, for a reason that is recorded. */
function isWithColleague({ me }, { state, takenBy, completedBy, wantsSignature, assignee }) {
  const holder =
    state === 'taken' ? takenBy : state === 'completed' && wantsSignature ? completedBy : undefined
  if (holder === undefined || me === undefined || holder.account === me.account) return false
  return me.role === assignee.role && me.organisation === assignee.organisation
}

/** What leads on where it is not settled which side serves, or where one holds what is nowhere else. */
function settling(subject, step) {
  if (['side-stale', 'database-served', 'not-given-up'].includes(step?.failure?.code))
    return subject === 'rearm-way-back'
      ? ['retention rearm SYSTEM --give-up HOST:PATH --reason "…"']
      : ['cutover settle SYSTEM --give-up HOST:PATH --reason "…"']
  return ['switch-over', 'look-at-sides'].includes(subject) ? ['cutover settle SYSTEM --reason "…"'] : []
}

function commandsOf(voice, { code, subject }, task, { system, step }) {
  const q = (line) => `npx qianyun ${line}`
  switch (code) {
    case 'resume':
      return [q(`migration resume ${system}`)]
    case 'blocked-step':
      return [
        q(`migration retry ${system}`),
        ...settling(subject, step).map((line) => q(line.replace('SYSTEM', system))),
      ]
    case 'task':
      if (task === undefined) return []
      return [
        q(`task show ${system} ${task.id}`),
        ...(isWithColleague(voice, task) ? [q(`task take ${system} ${task.id} --reason "…"`)] : []),
      ]
    case 'signoff':
      return [q(`signoff sign ${system}`)]
    case 'cutover-schedule':
      return [q(`cutover schedule ${system} --start +1m --end +2h`)]
    case 'cutover-decision':
      return [q(`cutover go ${system}`), q(`cutover no-go ${system} --reason "…"`)]
    case 'way-back-lost':
      return [q(`retention rearm ${system} --reason "…"`)]
    case 'schema-change':
      return [q(`retention ddl ${system} FILE --reason "…"`)]
    case 'end-acknowledgement':
      return [q(`migration acknowledge-end ${system} --reason "…"`)]
    case 'retention-release':
      return [q(`retention release ${system} --statement "…"`)]
    default:
      return []
  }
}
