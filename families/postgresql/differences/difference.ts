import type { CatalogRow } from './catalog/query.ts'

/** One difference of two sides: what each side has, and how the side `to` becomes like the other. */
export interface Difference {
  readonly kind: string
  /** Its name as SQL quotes it. */
  readonly identity: string
  /** Undefined if the side has no such thing. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** Statements that make `to` like `from`; empty if the catalogs give none. */
  readonly statements: readonly string[]
  /** Whether the statements remove nothing, lock no table for long, and change no row. */
  readonly carried: boolean
  /** Sides that sort by another library by now than the one on record. */
  readonly onOldRecord?: readonly ('from' | 'to')[]
}

/** The name by which a waiver permits the difference. */
export function objectOf({ kind, identity }: Pick<Difference, 'kind' | 'identity'>): string {
  return `${kind} ${identity}`
}

/** A thing that differs, by the catalogs of both sides. */
export interface Unlike {
  readonly kind: string
  readonly identity: string
  readonly from: CatalogRow | undefined
  readonly to: CatalogRow | undefined
}

/** The differences of two catalogs. If only one side has a thing, its parts are not listed. */
export function unlikeRows(from: readonly CatalogRow[], to: readonly CatalogRow[]): readonly Unlike[] {
  const sides = { from: byObject(from), to: byObject(to) }
  const lacking = (one: string) => sides.from.has(one) !== sides.to.has(one)
  const found: Unlike[] = []
  for (const object of new Set([...sides.from.keys(), ...sides.to.keys()])) {
    const [left, right] = [sides.from.get(object), sides.to.get(object)]
    const row = left ?? right
    if (row === undefined || left?.text === right?.text) continue
    // The extension itself tells which version differs from that of its server.
    if (row.kind === 'version of extension') continue
    if (isPartOf(row, lacking, sides) || isLeftOver(left, right)) continue
    found.push({ kind: row.kind, identity: row.identity, from: left, to: right })
  }
  return withoutOrderOfNewColumns(found)
}

function byObject(rows: readonly CatalogRow[]): ReadonlyMap<string, CatalogRow> {
  return new Map(rows.map((row) => [objectOf(row), row]))
}

function isPartOf(
  row: CatalogRow,
  lacking: (object: string) => boolean,
  sides: Readonly<Record<'from' | 'to', ReadonlyMap<string, CatalogRow>>>,
): boolean {
  for (let within = row.within; typeof within === 'string';) {
    if (lacking(within)) return true
    within = (sides.from.get(within) ?? sides.to.get(within))?.within
  }
  return false
}

const notValid = ' (not valid)'

/** An index whose build failed serves nobody: a side without it is as good. */
function isLeftOver(from: CatalogRow | undefined, to: CatalogRow | undefined): boolean {
  if ((from ?? to)?.kind !== 'index') return false
  const isNothing = (row: CatalogRow | undefined) => row === undefined || row.text.includes(notValid)
  return isNothing(from) && isNothing(to)
}

/** A missing column explains the order of the others, so that difference is dropped. */
function withoutOrderOfNewColumns(found: readonly Unlike[]): readonly Unlike[] {
  const tables = new Set(
    found
      .filter(({ kind, from, to }) => kind === 'column' && (from === undefined || to === undefined))
      .map(({ from, to }) => (from ?? to)?.within),
  )
  return found.filter(
    ({ kind, from, to }) => kind !== 'order of columns' || !tables.has((from ?? to)?.within),
  )
}
