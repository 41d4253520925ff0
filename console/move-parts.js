import { facts, h } from './elements.js'
import { messages as m, phases } from './text.js'
import { waitingLines } from './waiting.js'

/** Parts that the list and the page of one move share. */

export function labMark({ say }, move) {
  const mark = (text, hint) => h('abbr', { class: 'lab', title: say(hint) }, say(text))
  const marks = [
    ...(move.profile === 'lab' ? [mark(m.lab, m.labHint)] : []),
    ...(move.tracked ? [mark(m.tracked, m.trackedHint)] : []),
  ]
  return marks.length === 0 ? undefined : h('span', {}, ...marks)
}

export const isOver = (standing) => ['closed', 'aborted', 'ended-outside'].includes(standing)

/** How a move stands; one that moves but has no step under way and somebody to wait for is waiting. */
export function stateMark({ say, word }, { standing, step, waitingFor }) {
  const isWaiting = standing === 'moving' && step === undefined && waitingFor.length > 0
  const text = isWaiting ? say(m.waiting) : word('standing', standing)
  return h('span', { class: `mark ${isWaiting ? 'waiting' : standing}` }, text)
}

/** The nine phases as a bar of segments; where there is little room only the current one is named. */
export function stepper({ say, word }, move) {
  const here = phases.indexOf(move.phase)
  return h(
    'div',
    { class: 'stepper' },
    h(
      'ol',
      { 'aria-label': say(m.progress) },
      phases.map((phase, index) => {
        const isDone = index < here || move.standing === 'closed'
        const where = isDone ? 'done' : index === here ? `here ${move.standing}` : 'to-come'
        const spoken = say(isDone ? m.phaseDone : index === here ? m.phaseHere : m.phaseToCome)
        return h(
          'li',
          { class: where, 'aria-current': index === here ? 'step' : undefined },
          h('span', { class: 'name' }, capital(word('phase', phase))),
          h('span', { class: 'unseen' }, ` (${spoken})`),
        )
      }),
    ),
    h(
      'p',
      { class: 'here-name', 'aria-hidden': 'true' },
      say(m.phaseOf, { n: here + 1, all: phases.length, phase: word('phase', move.phase) }),
    ),
  )
}

const capital = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** A time that goes on: the page keeps its text current. */
export function elapsed({ duration }, sinceMs) {
  return h('span', { class: 'elapsed', 'data-since': sinceMs }, duration(Date.now() - sinceMs))
}

export function stepText(voice, move) {
  const { say, word, failure } = voice
  const { step } = move
  if (step === undefined) return say(m.noStep)
  if (step.failure) {
    return h(
      'span',
      { class: 'bad' },
      say(m.stepFailed, { step: word('step', step.id), message: failure(step.failure) }),
    )
  }
  return h(
    'span',
    {},
    say(m.stepSince, { step: word('step', step.id), attempt: step.attempt }),
    ' · ',
    elapsed(voice, step.startedAtMs),
  )
}

export function waiting(voice, move, { withCommands }) {
  const lines = waitingLines(voice, move)
  if (lines.length === 0) {
    return voice.say(isOver(move.standing) ? m.nothing : m.nobody)
  }
  return h(
    'ul',
    { class: 'waits' },
    lines.map(({ text, people, commands }) =>
      h(
        'li',
        { class: people ? 'people' : undefined },
        text,
        withCommands && commands.map((command) => h('code', { class: 'command' }, command)),
      ),
    ),
  )
}

export function downtimeText({ say, word }, { switches }) {
  if (switches.length === 0) return say(m.noSwitch)
  return switches
    .flatMap(({ kind, undoneGaps, ...gap }) => [
      ...undoneGaps.map((undone) => say(m.undoneGap, { gap: gapText(say, undone) })),
      say(m.switchGap, { kind: word('switch', kind), gap: gapText(say, gap) }),
    ])
    .join(' · ')
}

/** How long writers waited: the figure, a bound of it, or that nothing measured it; rounded up, so that no gap is none. */
export function gapText(say, { gapMs, gapBound }) {
  if (gapMs === undefined) return say(m.gapNotMeasured)
  return say(gapBound === undefined ? m.gapMeasured : m.gapAtMost, { ms: Math.ceil(gapMs) })
}

export function wayBackText(voice, move) {
  const { say, told, word, at } = voice
  const { wayBack, wayBackUntilMs } = move
  if (move.standing === 'closed') return say(m.wayBackEnded)
  const isKept =
    ['armed', 'kept', 'attested', 'degraded', 'lost'].includes(wayBack) && wayBackUntilMs !== undefined
  if (!isKept) return h('span', { class: `way-back ${wayBack}` }, word('wayBack', wayBack))
  const until = at(wayBackUntilMs, move.timeZone)
  const reached = Date.now() >= wayBackUntilMs
  return h(
    'span',
    { class: `way-back ${wayBack}` },
    told({
      code: reached ? 'way-back-time-reached' : 'way-back-kept',
      values: { state: word('wayBack', wayBack), until },
    }),
  )
}

/** How the workflow of a move ended that was not to end, and who has taken note of it. */
function endLines({ say, word, at }, { endedOutside, timeZone }) {
  if (endedOutside === undefined) return undefined
  const { end, acknowledged } = endedOutside
  const how = say(m.endLine, {
    how: word('workflowEnd', end.how),
    by: end.by === '' ? say(m.unknown) : end.by,
    at: end.endedAtMs === undefined ? say(m.unknown) : at(end.endedAtMs, timeZone),
    reason: end.reason === '' ? say(m.unknown) : end.reason,
  })
  return [
    h('p', { class: 'bad' }, how),
    acknowledged &&
      h(
        'p',
        {},
        say(m.endAcknowledged, {
          account: acknowledged.by.account,
          reason: acknowledged.reason,
          side: word('side', acknowledged.serves),
        }),
      ),
  ]
}

/** What the ledger has against a move, and what is left to do. */
function ledgerLines({ told }, { ledger, phase, wayBack }) {
  if (ledger === undefined) return undefined
  const left = wayBack === 'not-needed' ? 'ledger-holds' : 'ledger-after-cutover'
  return [
    ...ledger.contradictions.map(({ cell, planned, found }) => ({
      code: `ledger-${cell}`,
      values: { planned, found },
    })),
    { code: phase === 'closing' ? 'ledger-in-closing' : left, values: {} },
  ].map((what) => h('p', { class: 'bad' }, told(what)))
}

export function moveFacts(voice, move, { withCommands }) {
  const { say } = voice
  return facts([
    [say(m.ledger), ledgerLines(voice, move)],
    [say(m.end), endLines(voice, move)],
    [say(m.waitsFor), waiting(voice, move, { withCommands })],
    [say(m.step), stepText(voice, move)],
    [say(m.downtime), downtimeText(voice, move.downtime)],
    [say(m.wayBack), wayBackText(voice, move)],
  ])
}
