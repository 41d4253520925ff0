/**
 * One element. Text is always text: nothing that comes from the server is ever read as HTML.
 * `props`: attributes by name; `on…` adds a listener; undefined, false and null are left out.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  const shown = children.flat(3).filter((child) => child !== undefined && child !== null && child !== false)
  element.append(...shown.map((child) => (child instanceof Node ? child : visible(child))))
  return element
}

/**
 * The text with every character that a browser would obey instead of show, such as a mark that turns the direction of
 * writing, as a visible escape.
 */
export function visible(text) {
  return String(text).replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0)
    return code <= 0xff ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`
  })
}

const hex = (code, length) => code.toString(16).padStart(length, '0')

/** Replaces what is in a place, and keeps the keyboard where it was when the same thing is still there. */
export function put(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : ''
  place.replaceChildren(...children.flat(3).filter(Boolean))
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true })
}

/** A list of names and values; what has no value is left out. */
export function facts(entries) {
  const rows = entries.filter(([, value]) => value !== undefined && value !== null && value !== '')
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  )
}
