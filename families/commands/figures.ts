import { FiguresUnreadableError } from './errors.ts'

/** What a `measure` printed: figures by name, in the order of their names. */
export type Figures = Readonly<Record<string, string>>

const mostFigures = 500
const line = /^(\S{1,120})\s+(\S.{0,199})$/

/** Reads lines `name value`. @throws FiguresUnreadableError for any other, a name told twice, too many, or none */
export function figuresIn(side: string, text: string): Figures {
  const lines = text.split('\n').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
  const read = lines.map((one) => line.exec(one))
  const unread = lines.find((_, index) => read[index] === null)
  const names = read.flatMap((found) => (found?.[1] === undefined ? [] : [found[1]]))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (lines.length === 0 || lines.length > mostFigures || unread !== undefined || twice !== undefined)
    throw new FiguresUnreadableError(side, (unread ?? twice ?? '').slice(0, 200), lines.length)
  const figures = read.map((found): [string, string] => [found?.[1] ?? '', found?.[2]?.trim() ?? ''])
  return Object.fromEntries(figures.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** One figure that is not the same, as people read it: `permits: 12 and 11`. */
export function differencesBetween(one: Figures, other: Figures): readonly string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  return names
    .filter((name) => one[name] !== other[name])
    .map((name) => `${name}: ${one[name] ?? '-'} / ${other[name] ?? '-'}`)
}

/**
 * Holds the figures of a copy against those of a side that may go on changing: a figure that was another one before than after is not
 * compared, and is named.
 */
export function compareStill({
  before,
  copy,
  after,
}: Readonly<Record<'before' | 'copy' | 'after', Figures>>): {
  readonly compared: number
  readonly differences: readonly string[]
  readonly moved: readonly string[]
} {
  const names = [...new Set([...Object.keys(before), ...Object.keys(copy)])].sort()
  const moved = names.filter((name) => before[name] !== after[name])
  const still = (figures: Figures): Figures =>
    Object.fromEntries(Object.entries(figures).filter(([name]) => !moved.includes(name)))
  return {
    compared: names.length - moved.length,
    differences: differencesBetween(still(before), still(copy)),
    moved,
  }
}
