import { h } from './elements.js'
import { isOver, labMark, moveFacts, stateMark, stepper } from './move-parts.js'
import { messages as m } from './text.js'

/** All moves, those that wait for people first. */
export function movesView(voice, moves) {
  const { say } = voice
  if (moves.length === 0) {
    return h(
      'div',
      { class: 'note' },
      h('p', {}, say(m.empty)),
      h('p', {}, say(m.emptyHint)),
      h('code', { class: 'command' }, 'npx qianyun migration launch <plan>'),
    )
  }
  const zones = [...new Set(moves.map(({ timeZone }) => timeZone))]
  const zoneOf = (move) => (zones.length > 1 ? zoneNote(voice, move.timeZone) : undefined)
  return [
    h('h1', {}, say(m.title)),
    h(
      'ul',
      { class: 'moves' },
      inOrder(moves).map((move) => h('li', {}, card(voice, move, zoneOf(move)))),
    ),
    zones.length === 1 ? zoneNote(voice, zones[0]) : undefined,
  ]
}

const zoneNote = ({ say }, zone) => h('p', { class: 'quiet' }, say(m.timesIn, { zone }))

function card(voice, move, note) {
  const id = `move-${move.migration}`
  return h(
    'article',
    { class: 'card', 'aria-labelledby': id },
    h(
      'header',
      {},
      h('h2', {}, h('a', { id, href: `#/moves/${encodeURIComponent(move.migration)}` }, move.name)),
      h('span', { class: 'id' }, move.migration),
      labMark(voice, move),
      stateMark(voice, move),
    ),
    stepper(voice, move),
    moveFacts(voice, move, { withCommands: false }),
    note,
  )
}

function inOrder(moves) {
  const rank = ({ standing, waitingFor }) => {
    if (standing === 'blocked') return 0
    if (waitingFor.some(({ roles }) => roles.length > 0)) return standing === 'ended-outside' ? 0 : 1
    return isOver(standing) ? 3 : 2
  }
  return [...moves].sort((a, b) => rank(a) - rank(b) || b.changedAtMs - a.changedAtMs)
}
