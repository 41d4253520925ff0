/** Steps whose sides may have to be settled, which shows what was found first. */
const settledSteps = ['switch-over', 'look-at-sides']

/** What leads on where it is not settled which side serves, or where one holds what is nowhere else. */
function settling({ subject, givesUp }, system) {
  if (givesUp === 'old') return [`retention rearm ${system} --give-up HOST:PATH --reason "…"`]
  if (givesUp === 'new') return [`cutover settle ${system} --give-up HOST:PATH --reason "…"`]
  return settledSteps.includes(subject) ? [`cutover settle ${system} --reason "…"`] : []
}

/** Has a new workflow carry a move on whose own has ended. */
const carryingOn = (system) => [`migration recover ${system} --reason "…"`]

/** Makes the old side serve past a move whose workflow has ended. Also brings a rollback that was cut off to its end. */
function goingBack({ waysBack }) {
  if (waysBack === undefined) return []
  const { playbook, plan } = waysBack
  return [
    `playbook run ${playbook} --plan ${plan} --host from=target --host to=source --database from=target --database to=source`,
  ]
}

export function nextCommands(waiting, system, task) {
  const { code, subject, maySkip } = waiting
  switch (code) {
    case 'resume':
      return [`migration resume ${system}`]
    case 'blocked-step':
      return [
        `migration retry ${system}`,
        ...settling(waiting, system),
        ...(maySkip ? [`migration skip ${system} --reason "…"`] : []),
      ]
    case 'task':
      return task === undefined ? [`task show ${system} ${subject}`] : taskCommands(task, system)
    case 'signoff':
      return [`signoff sign ${system}`]
    case 'cutover-schedule':
      return [`cutover schedule ${system} --start +1m --end +2h`]
    case 'cutover-decision':
      return [`cutover go ${system}`, `cutover no-go ${system} --reason "…"`]
    case 'retention-release':
      return [`retention release ${system} --statement "…"`]
    case 'way-back-lost':
      return [`retention rearm ${system} --reason "…"`]
    case 'schema-change':
      return [`retention ddl ${system} FILE --reason "…"`]
    case 'end-acknowledgement':
      return [
        ...carryingOn(system),
        `migration acknowledge-end ${system} --reason "…"`,
        ...goingBack(waiting),
      ]
    case 'ended-on-new-side':
      return [
        ...carryingOn(system),
        ...goingBack(waiting),
        `migration acknowledge-end ${system} --reason "…"`,
      ]
    case 'ledger-contradiction':
      return [`system show ${system}`]
    default:
      return []
  }
}

export function taskCommands(
  { id, state, wantsEvidence, wantsSignature, openFindings = [], wantsFigures = [] },
  system,
) {
  const of = `${system} ${id}`
  const review = [`task accept ${of}`, `task reject ${of} --reason "…"`]
  switch (state) {
    case 'open':
      return [`task take ${of}`]
    case 'taken':
      return [
        [
          `task complete ${of} --note "…"`,
          ...(wantsEvidence ? ['--evidence FILE'] : []),
          ...wantsFigures.map((name) => `--figure ${name}="…"`),
          ...openFindings.map(({ code }) => `--finding ${code}="…"`),
        ].join(' '),
      ]
    case 'completed':
      return wantsSignature ? [`task sign ${of}`] : review
    case 'signed':
      return review
    default:
      return []
  }
}

export function taskCode(task) {
  if (task?.state === 'open' || task?.state === 'taken') return `waits-task-${task.state}`
  if (task === undefined || task.state === 'closed') return 'waits-task'
  return task.state === 'completed' && task.wantsSignature ? 'waits-task-to-sign' : 'waits-task-to-review'
}
