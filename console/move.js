import { facts, h } from './elements.js'
import { gapText, labMark, moveFacts, stateMark, stepper } from './move-parts.js'
import { messages as m } from './text.js'
import { whoText } from './waiting.js'

/** What the list's entries are called in the whole of a move. */
export function asSummary(move) {
  return {
    ...move,
    timeZone: move.plan.policy.timeZone,
    organisations: move.plan.organisations,
    openTasks: move.tasks.filter(({ state }) => state !== 'closed'),
    wayBackUntilMs: move.retention?.untilMs,
  }
}

/** One move with its tasks, signatures and last events. */
export function moveView(voice, whole, events) {
  const { say } = voice
  const move = asSummary(whole)
  return [
    h('p', {}, h('a', { id: 'back', href: '#/' }, `← ${say(m.back)}`)),
    h(
      'article',
      { class: 'card' },
      h(
        'header',
        {},
        h('h1', {}, move.name),
        h('span', { class: 'id' }, move.migration),
        labMark(voice, move),
        stateMark(voice, move),
      ),
      stepper(voice, move),
      moveFacts(voice, move, { withCommands: true }),
    ),
    h('div', { class: 'columns' }, about(voice, move), signatures(voice, move)),
    tasks(voice, move),
    lastEvents(voice, move, events),
    h(
      'p',
      { class: 'quiet' },
      say(m.timesIn, { zone: move.timeZone }),
      move.profile === 'lab' ? ` ${say(m.labHint)}` : '',
    ),
  ]
}

function about(voice, move) {
  const { say, at, list } = voice
  const { timeZone, cutover, rehearsal, launchedBy } = move
  const time = (ms) => at(ms, timeZone)
  // After the switch a rollback is possible until the release, whatever the window was.
  const isSwitched = move.switches.at(-1)?.kind === 'cutover'
  return h(
    'section',
    { class: 'card', 'aria-label': say(m.plan) },
    facts([
      [
        say(m.state),
        [move.standingReason, leftBehind(voice, move.leftBehind)].filter(Boolean).join(say(m.colon)),
      ],
      [
        say(m.launched),
        say(m.launchedLine, {
          at: time(move.launchedAtMs),
          account: launchedBy.account,
          organisation: launchedBy.organisation,
        }),
      ],
      [say(m.plan), `${move.plan.plan} · ${say(m.round, { n: move.round })}`],
      [
        say(m.rehearsal),
        rehearsal &&
          say(m.rehearsalLine, {
            cutover: gapText(say, { gapMs: rehearsal.cutoverGapMs }),
            rollback: gapText(say, { gapMs: rehearsal.rollbackGapMs }),
            passed: rehearsal.gates.filter(({ passed }) => passed).length,
            gates: rehearsal.gates.length,
          }),
      ],
      [
        say(m.window),
        cutover &&
          say(isSwitched ? m.windowAlone : m.windowLine, {
            from: time(cutover.window.startsAtMs),
            to: time(cutover.window.endsAtMs),
            latest: time(cutover.latestRollbackAtMs),
          }),
      ],
      [say(m.schemaChange), schemaChangeText(voice, move)],
      [
        say(m.forward),
        move.forward &&
          h('span', { class: 'warn' }, time(move.forward.atMs), say(m.colon), list(move.forward.reasons)),
      ],
      [say(m.wayBackBecause), move.retention && list(move.retention.wayBack.reasons)],
      [say(m.changed), time(move.changedAtMs)],
      [
        say(m.facts),
        h(
          'code',
          { class: 'command' },
          `npx qianyun migration facts ${move.migration} --account ${voice.me.account}`,
        ),
      ],
      [
        'Temporal',
        move.temporalUrl &&
          h('a', { href: move.temporalUrl, target: '_blank', rel: 'noreferrer' }, say(m.temporalOfMove)),
      ],
    ]),
  )
}

/** The newest schema change made on both sides: what it was, and why it is not made. */
function schemaChangeText({ word, failure, say, at }, { schemaChange: change, timeZone }) {
  if (change === undefined) return undefined
  const event = { running: 'requested', made: 'made', refused: 'refused', failed: 'failed' }[change.state]
  const what = `${word('event', `schema-change-${event}`)} ${at(change.atMs, timeZone)}${say(m.colon)}${change.statements.join('; ')}`
  return change.failure === undefined
    ? what
    : h('span', { class: 'warn' }, what, ' · ', failure(change.failure))
}

function signatures(voice, move) {
  const { say, word, at } = voice
  const { report, plan, signoffs } = move
  if (report === undefined) return undefined
  const rows = plan.policy.parties.map((party) => {
    const signoff = signoffs.find((each) => each.party === party && each.digest === report.digest)
    return [
      word('role', party),
      plan.organisations[party],
      signoff ? `✓ ${signoff.account}` : h('span', { class: 'warn' }, say(m.missing)),
      signoff ? at(signoff.atMs, move.timeZone) : '',
    ]
  })
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, say(m.signatures)),
    h(
      'p',
      { class: 'quiet' },
      `${say(m.report)} ${say(m.reportLine, { version: report.version })} · sha256:`,
      h('span', { class: 'digest' }, report.digest),
    ),
    grid([say(m.party), say(m.organisation), say(m.signedBy), say(m.at)], rows),
  )
}

function tasks(voice, move) {
  const { say, word, language } = voice
  if (move.tasks.length === 0) return undefined
  const rows = move.tasks.map((task) => [
    h('span', {}, task.title[language], ' ', h('span', { class: 'id' }, task.id)),
    h('span', { class: task.state === 'closed' ? 'quiet' : 'warn' }, word('taskState', task.state)),
    task.takenBy?.account ??
      whoText(voice, task.assignee.role, { [task.assignee.role]: task.assignee.organisation }),
  ])
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, say(m.tasks)),
    grid([say(m.task), say(m.state), say(m.who)], rows),
  )
}

function lastEvents(voice, move, events) {
  const { say, word, at } = voice
  const rows = [...events]
    .reverse()
    .map((event) => [
      h('time', { datetime: new Date(event.atMs).toISOString() }, at(event.atMs, move.timeZone)),
      h('span', { class: bad.has(event.type) ? 'bad' : undefined }, word('event', event.type)),
      eventDetail(voice, event, move.timeZone),
      event.actor.role === 'engine'
        ? ''
        : say(m.whoOf, { role: event.actor.account, organisation: word('role', event.actor.role) }),
    ])
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, say(m.events)),
    grid([say(m.at), say(m.event), say(m.detail), say(m.by)], rows),
  )
}

const bad = new Set([
  'step-failed',
  'schema-change-refused',
  'schema-change-failed',
  'aborted',
  'ended-outside',
  'cutover-aborted',
  'task-rejected',
  'signoffs-voided',
])

/** What an abort could not undo. */
const leftBehind = ({ told }, left) => left && told({ code: 'left-behind', values: { left } })

function eventDetail(voice, { type, data }, timeZone) {
  const { say, word, list, told, failure, language, at } = voice
  switch (type) {
    case 'phase-entered':
      return word('phase', data.phase)
    case 'step-failed':
      return `${word('step', data.step)}${say(m.colon)}${failure(data)}`
    case 'step-finished': {
      const { step, notCompared } = data
      const left = notCompared && told({ code: 'step-not-compared', values: { notCompared } })
      return [word('step', step), left].filter(Boolean).join(say(m.colon))
    }
    case 'schema-change-requested':
      return [data.statements.join('; '), data.reason].join(say(m.colon))
    case 'schema-change-refused':
    case 'schema-change-failed':
      return failure(data)
    case 'cut-over':
    case 'rolled-back':
      return gapText(say, data.result)
    case 'way-back-changed':
      return [word('wayBack', data.state), list(data.reasons)].filter(Boolean).join(say(m.colon))
    case 'ledger-changed':
      return data.contradictions.map(({ cell }) => word('ledgerCell', cell)).join(say(m.comma))
    case 'settled':
      return word('side', data.serves)
    case 'forward-changed':
      return data.reasons.length === 0 ? say(m.forwardRuns) : list(data.reasons)
    case 'task-opened':
      return data.task.title[language]
    case 'cutover-scheduled':
      return say(m.windowAlone, {
        from: at(data.window.startsAtMs, timeZone),
        to: at(data.window.endsAtMs, timeZone),
      })
    case 'signed-off':
      return word('role', data.signoff.party)
    default:
      return [
        data.step && word('step', data.step),
        data.task,
        data.decision && word('decision', data.decision),
        told(data.reason),
        leftBehind(voice, data.left),
        data.remark,
        data.note,
        data.statement,
      ]
        .filter((part) => typeof part === 'string' && part !== '')
        .join(say(m.colon))
  }
}

/** A table; where there is little room each row becomes a block, which the roles keep a row for those who listen. */
function grid(header, rows) {
  const row = (cells) => h('tr', { role: 'row' }, cells)
  return h(
    'table',
    { role: 'table' },
    h(
      'thead',
      { role: 'rowgroup' },
      row(header.map((title) => h('th', { scope: 'col', role: 'columnheader' }, title))),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map((cells) => row(cells.map((cell) => h('td', { role: 'cell' }, cell)))),
    ),
  )
}
