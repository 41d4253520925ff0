import type { NamedSide } from '../side-name.ts'
import type { Difference, Unlike } from './difference.ts'

type Sorted = Pick<Difference, 'kind' | 'identity' | 'from' | 'to'>

const version = / version (\S+)/

/** Whether a difference is in nothing but the version of the library that sorts text: no statement makes that alike. */
export function isOfLibrary({ kind, identity, from, to }: Sorted): boolean {
  if (kind === 'database') return identity === 'collation version'
  if (kind !== 'collation' || from === undefined || to === undefined) return false
  return from !== to && from.replace(version, '') === to.replace(version, '')
}

/** The sides whose library is another by now than the one that is on record, by which their indexes were built. */
export function sidesOnOldRecord({ kind, from, to }: Unlike): Difference['onOldRecord'] {
  const isOld = (row: Unlike['from']): boolean => {
    const recorded = kind === 'collation' ? version.exec(row?.text ?? '')?.[1] : row?.text
    return typeof row?.make === 'string' && recorded !== undefined && recorded !== row.make
  }
  return [...(isOld(from) ? (['from'] as const) : []), ...(isOld(to) ? (['to'] as const) : [])]
}

/** Builds the indexes of a side anew by the library that it has, and puts that on record. */
export function reindexStatements(
  { kind, identity }: Sorted,
  { database }: Pick<NamedSide, 'database'>,
): string {
  const name = `"${database.replaceAll('"', '""')}"`
  const record =
    kind === 'collation'
      ? `alter collation ${identity} refresh version`
      : `alter database ${name} refresh collation version`
  return `reindex database ${name}; ${record}`
}
