import { maskSecrets } from '../../../domain/secret-text.ts'

const longest = 160
const before = 30

/** Excerpts of two texts around their first difference, with secrets masked; `-` for a missing text. */
export function excerpts(one: string | undefined, other: string | undefined): readonly [string, string] {
  const [left, right] = [one, other].map((text) => (text === undefined ? undefined : flat(text)))
  const at = firstDifference(left ?? '', right ?? '')
  const start = left === undefined || right === undefined || at <= before * 2 ? 0 : at - before
  return [cut(left, start), cut(right, start)]
}

const flat = (text: string): string => maskSecrets(text).replace(/\s+/g, ' ').trim()

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return at
}

function cut(text: string | undefined, start: number): string {
  if (text === undefined) return '-'
  const end = start + longest
  return `${start === 0 ? '' : '…'}${text.slice(start, end)}${text.length > end ? '…' : ''}`
}
