import { h, put, visible } from './elements.js'
import { moveView } from './move.js'
import { movesView } from './moves.js'
import { ask, followEvents, ServerError, token } from './server.js'
import { messages as m, speaker } from './text.js'

const languageKey = 'qianyun-language'
const shownEvents = 40
const place = (id) => document.getElementById(id)

const state = {
  language:
    localStorage.getItem(languageKey) ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'),
  me: undefined,
  /** What the server gave for the view in the address; undefined until it did. */
  shown: undefined,
  error: undefined,
  asOfMs: undefined,
  isLive: true,
  /** Since when the server records nothing, as its health says. */
  unrecordedSinceMs: undefined,
  signInError: undefined,
}
let stopFollowing = () => undefined
/** What moves were last heard to be at, to tell what is news. */
const heard = new Map()

takeTokenFromAddress()
addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) void begin()
  else void open()
})
setInterval(tick, 1000)
setInterval(() => void lookAtHealth(), 10_000)
void begin()

/** `#token=…` signs in; it leaves the address bar and the history at once. */
function takeTokenFromAddress() {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1]
  if (given === undefined) return false
  history.replaceState(null, '', `${location.pathname}${location.search}#/`)
  token.keep(unescaped(given).trim())
  return true
}

/** Without its percent escapes; what is malformed stays as it stands, and is refused where it is used. */
function unescaped(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function begin() {
  stopFollowing()
  Object.assign(state, { me: undefined, shown: undefined, error: undefined, isLive: true })
  heard.clear()
  if (token.get() === '') return draw()
  draw()
  try {
    state.me = await ask('me')
    state.signInError = undefined
  } catch (error) {
    if (isRefusedToken(error)) return signOut(m.tokenRefused)
    state.error = error
    return draw()
  }
  stopFollowing = followEvents({
    onState: (now) => {
      state.isLive = now === 'live'
      drawFrame()
    },
    onChange: refreshSoon,
    onRefused: () => signOut(m.tokenRefused),
  })
  return open()
}

/** What is shown may be from before while the server records nothing. */
async function lookAtHealth() {
  if (state.me === undefined) return
  const { failed, withoutRunner = [] } = await ask('healthz').catch((error) => ({ failed: error }))
  state.unrecordedSinceMs = failed?.code === 'not-recording' ? failed.sinceMs : undefined
  // No event tells of a runner that comes or goes.
  const zones = withoutRunner.map(({ zone }) => zone).join(' ')
  if (failed === undefined && zones !== state.zonesWithoutRunner) {
    state.zonesWithoutRunner = zones
    refreshSoon()
  }
  drawFrame()
}

function signOut(reason) {
  stopFollowing()
  token.forget()
  Object.assign(state, {
    me: undefined,
    shown: undefined,
    error: undefined,
    isLive: true,
    signInError: reason,
  })
  draw()
}

/** Shows the view the address names. */
async function open() {
  if (state.me === undefined) return draw()
  state.shown = undefined
  state.error = undefined
  draw()
  await refresh()
  place('main').focus({ preventScroll: true })
  scrollTo(0, 0)
}

let timer
let isRefreshing = false
let refreshAgain = false

/** Several events at once are one look. */
function refreshSoon() {
  clearTimeout(timer)
  timer = setTimeout(() => void refresh(), 100)
}

async function refresh() {
  if (isRefreshing) {
    refreshAgain = true
    return
  }
  isRefreshing = true
  const address = location.hash
  try {
    const shown = await load()
    if (address === location.hash) Object.assign(state, { shown, error: undefined, asOfMs: Date.now() })
  } catch (error) {
    if (isRefusedToken(error)) signOut(m.tokenRefused)
    // What was shown stays, under the banner that says it is stale.
    else if (address === location.hash && !(state.shown && error.status === 0)) state.error = error
  } finally {
    isRefreshing = false
    draw()
    if (refreshAgain) {
      refreshAgain = false
      refreshSoon()
    }
  }
}

const moveInAddress = () => /^#\/moves\/([^/]+)$/.exec(location.hash)?.[1]

async function load() {
  const name = moveInAddress()
  if (name === undefined) return { moves: (await ask('migrations')).migrations }
  const move = await ask(`migrations/${name}`)
  const { events } = await ask(`migrations/${name}/events?after=${Math.max(0, move.sequence - shownEvents)}`)
  return { move, events }
}

const isRefusedToken = (error) => error instanceof ServerError && error.status === 401

function draw() {
  drawFrame()
  const voice = { ...speaker(state.language), me: state.me }
  put(place('main'), view(voice))
  announce(voice)
}

function view(voice) {
  if (token.get() === '') return signInView(voice)
  if (state.error !== undefined) return errorView(voice, state.error)
  if (state.shown === undefined) return h('p', { class: 'note', 'aria-busy': 'true' }, voice.say(m.loading))
  const { moves, move, events } = state.shown
  return move === undefined ? movesView(voice, moves) : moveView(voice, move, events)
}

function drawFrame() {
  const { say, word, at } = speaker(state.language)
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en'
  place('skip').textContent = say(m.skip)
  const { me } = state
  put(
    place('tools'),
    me &&
      h(
        'span',
        { class: 'who' },
        say(m.signedInAs, { name: me.name, role: word('role', me.role), organisation: me.organisation }),
      ),
    me && state.isLive && h('span', { class: 'live' }, say(m.live)),
    me?.temporalUiUrl &&
      h(
        'a',
        { id: 'temporal', href: me.temporalUiUrl, target: '_blank', rel: 'noreferrer' },
        say(m.temporalUi),
      ),
    h(
      'button',
      {
        id: 'language',
        type: 'button',
        lang: state.language === 'zh' ? 'en' : 'zh-CN',
        onclick: changeLanguage,
      },
      say(m.otherLanguage),
    ),
    me && h('button', { id: 'sign-out', type: 'button', onclick: () => signOut(undefined) }, say(m.signOut)),
  )
  const banner = place('banner')
  const isStale = me !== undefined && !state.isLive && state.asOfMs !== undefined
  const isUnrecorded = me !== undefined && state.unrecordedSinceMs !== undefined
  const text = [
    isStale ? say(m.stale, { at: at(state.asOfMs) }) : '',
    isUnrecorded ? say(m.unrecorded, { at: at(state.unrecordedSinceMs) }) : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
  // Said once, not with every drawing.
  if (banner.textContent !== text) banner.textContent = text
  banner.hidden = text === ''
}

function signInView({ say }) {
  const failed = state.signInError
  const submit = (event) => {
    event.preventDefault()
    const given = place('token').value.trim()
    if (given === '') {
      state.signInError = m.tokenEmpty
      return draw()
    }
    token.keep(given)
    return void begin()
  }
  return h(
    'form',
    { class: 'card sign-in', onsubmit: submit },
    h('h1', {}, say(m.signInTitle)),
    h('label', { for: 'token' }, say(m.tokenLabel)),
    h('input', {
      id: 'token',
      type: 'password',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': 'token-hint token-error',
      'aria-invalid': failed === undefined ? undefined : 'true',
    }),
    h('p', { id: 'token-error', class: 'bad', role: 'alert' }, failed === undefined ? '' : say(failed)),
    h('p', { id: 'token-hint', class: 'quiet' }, say(m.signInHint)),
    h('button', { type: 'submit', class: 'primary' }, say(m.signIn)),
  )
}

function errorView({ say, failure }, error) {
  const again = h(
    'button',
    { type: 'button', id: 'retry', onclick: () => void (state.me ? open() : begin()) },
    say(m.retry),
  )
  const back =
    moveInAddress() === undefined ? undefined : h('p', {}, h('a', { href: '#/' }, `← ${say(m.back)}`))
  if (error.status === 403) {
    return h(
      'div',
      { class: 'note', role: 'alert' },
      h('p', {}, say(m.noRight)),
      h('p', {}, say(m.noRightHint)),
      back,
    )
  }
  if (error.status === 404) {
    const name = unescaped(moveInAddress() ?? '')
    return h('div', { class: 'note', role: 'alert' }, h('p', {}, say(m.notFound, { name })), back)
  }
  const reason = error.status === 0 ? say(m.unreachable) : failure(error)
  return h(
    'div',
    { class: 'note', role: 'alert' },
    h('p', { class: 'bad' }, say(m.failed, { reason })),
    again,
    back,
  )
}

function changeLanguage() {
  state.language = state.language === 'zh' ? 'en' : 'zh'
  localStorage.setItem(languageKey, state.language)
  draw()
}

/** Tells a screen reader what changed; what was there when the page opened is no news. */
function announce({ say, word }) {
  const moves = state.shown?.moves ?? (state.shown?.move ? [state.shown.move] : [])
  const news = moves.flatMap(({ migration, name, phase, standing }) => {
    const now = `${phase} ${standing}`
    const before = heard.get(migration)
    heard.set(migration, now)
    if (before === undefined || before === now) return []
    return [say(m.newsPhase, { name, phase: word('phase', phase), state: word('standing', standing) })]
  })
  if (news.length > 0) place('news').textContent = visible(news.join('. '))
}

/** Lengths of time go on while nothing else happens. */
function tick() {
  const { duration } = speaker(state.language)
  for (const element of document.querySelectorAll('[data-since]')) {
    element.textContent = duration(Date.now() - Number(element.dataset.since))
  }
}
