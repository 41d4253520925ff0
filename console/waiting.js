import { nextCommands, taskCode } from '../api/contract/next-commands.mjs'
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
        since: waiting.sinceMs === undefined ? '' : at(waiting.sinceMs, timeZone),
      }
      const text = told({ code: waiting.code === 'task' ? taskCode(task) : `waits-${waiting.code}`, values })
      const as = asWhom(voice, those, move.organisations)
      const commands = commandsOf(voice, waiting, task, move.system).map((line) => `${line}${as}`)
      return { text, people: those.length > 0, commands }
    })
  })
}

function subjectOf({ word }, { standing }, { code, subject }) {
  if (code === 'blocked-step') return word('step', subject)
  if (code === 'ledger-contradiction') return subject.split(', ')
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

/** Another account of the reader's own has it: it can be taken over, for a reason that is recorded. */
function isWithColleague({ me }, { state, takenBy, completedBy, wantsSignature, assignee }) {
  const holder =
    state === 'taken' ? takenBy : state === 'completed' && wantsSignature ? completedBy : undefined
  if (holder === undefined || me === undefined || holder.account === me.account) return false
  return me.role === assignee.role && me.organisation === assignee.organisation
}

function commandsOf(voice, waiting, task, system) {
  const { code, subject } = waiting
  if (code !== 'task') return nextCommands(waiting, system).map(typed)
  const show = `task show ${system} ${subject}`
  if (task === undefined) return [typed(show)]
  const next = isWithColleague(voice, task)
    ? [`task take ${system} ${task.id} --reason "…"`]
    : nextCommands(waiting, system, task)
  return [show, ...next].map(typed)
}

const typed = (line) => `npx qianyun ${line}`
