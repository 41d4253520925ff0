import type { CatalogRow } from './catalog/query.ts'

/** One thing in which two sides differ: what each of them has, and how the one that is to be opened gets like the other. */
export interface Difference {
  readonly kind: string
  /** Its name as SQL quotes it. */
  readonly identity: string
  /** Undefined on a side that has none. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** What makes `to` like `from` when it is run there; empty where the catalogs give no statement. */
  readonly statements: readonly string[]
  /** Running them takes nothing away, locks no table for long, and changes no row. */
  readonly carried: boolean
}

/** Under this name a waiver lets a difference pass. */
export function objectOf({ kind, identity }: Pick<Difference, 'kind' | 'identity'>): string {
  return `${kind} ${identity}`
}

/** A thing that differs, as the catalogs of both sides have it. */
export interface Unlike {
  readonly kind: string
  readonly identity: string
  readonly from: CatalogRow | undefined
  readonly to: CatalogRow | undefined
}

/** What of two catalogs is not alike. Parts of a thing that only one side has are not named beside it. */
export function unlikeRows(from: readonly CatalogRow[], to: readonly CatalogRow[]): readonly Unlike[] {
  const sides = { from: byObject(from), to: byObject(to) }
  const lacking = (one: string) => sides.from.has(one) !== sides.to.has(one)
  const found: Unlike[] = []
  for (const object of new Set([...sides.from.keys(), ...sides.to.keys()])) {
    const [left, right] = [sides.from.get(object), sides.to.get(object)]
    const row = left ?? right
    if (row === undefined || left?.text === right?.text) continue
    if (isPartOf(row, lacking, sides)) continue
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

/** A column that one side lacks says all about the order of the others. */
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
