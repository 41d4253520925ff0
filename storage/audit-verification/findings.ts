import { canonicalJson } from '../../domain/canonical-json.ts'
import type { auditTables, auditWitnesses } from '../../domain/words/audit.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import { sha256Hex } from '../digest.ts'
import { strictJson } from '../strict-json.ts'

export type AuditTable = keyof typeof auditTables
type Witness = keyof typeof auditWitnesses

/** Something that is not as it was recorded. */
export interface AuditFault {
  readonly table: AuditTable
  readonly record: string
  readonly column?: string
  /** The entry of the audit log that says otherwise. */
  readonly sequence?: number
  readonly found: string
  readonly expected: string
  readonly what: Said
  readonly next: Said
}

/** How many records of a table were looked at. */
export interface AuditLook {
  readonly table: AuditTable
  readonly records: number
  readonly faults: number
}

interface Place {
  readonly table: AuditTable
  readonly record: string
  readonly witness?: Witness
  readonly sequence?: number | undefined
}

interface Compared extends Place {
  readonly column: string
  readonly found: unknown
  readonly expected: unknown
}

const shownFaults = 100
const nothing = '—'

/** Gathers what a verification looks at and finds; of many faults the first are kept, and all are counted. */
export class Findings {
  readonly faults: AuditFault[] = []
  private readonly looks = new Map<AuditTable, { records: number; faults: number }>()
  private readonly earlierOnes = new Map<string, { table: AuditTable; column: string; count: number }>()

  get count(): number {
    return [...this.looks.values()].reduce((sum, { faults }) => sum + faults, 0)
  }

  looked(): readonly AuditLook[] {
    return [...this.looks].map(([table, seen]) => ({ table, ...seen }))
  }

  notLooked(): readonly Said[] {
    return [
      said('audit-not-outside'),
      said('audit-not-refusals'),
      said('audit-not-working-state'),
      said('audit-not-temporal'),
      ...[...this.earlierOnes.values()].map(({ table, column, count }) =>
        said('audit-not-earlier', { table, column, count }),
      ),
    ]
  }

  /** One record of a table is looked at. */
  saw(table: AuditTable): void {
    this.look(table).records += 1
  }

  /** An entry of an earlier version does not say what a column is to be. */
  earlier(table: AuditTable, column: string): void {
    const key = `${table} ${column}`
    const known = this.earlierOnes.get(key) ?? { table, column, count: 0 }
    this.earlierOnes.set(key, { ...known, count: known.count + 1 })
  }

  /** A fault unless both are the same JSON. Gives whether they are. */
  same({ found, expected, ...at }: Compared): boolean {
    if (isSame(found, expected)) return true
    this.differs({ ...at, found, expected })
    return false
  }

  /** A fault unless what was logged, which may stand for free texts by their digests, is what is found. */
  standsFor({ found, expected, ...at }: Compared): boolean {
    if (standsFor(expected, found)) return true
    this.differs({ ...at, found, expected })
    return false
  }

  differs({ table, record, witness = 'entry', sequence, ...compared }: Compared): void {
    const { column, found, expected } = narrowed(compared)
    const [one, other] = [shown(found), shown(expected)]
    const values = { table, record, column, found: one, expected: other, witness, ...numbered(sequence) }
    this.add({
      ...{ table, record, column, ...numbered(sequence), found: one, expected: other },
      what: said('audit-column-differs', values),
      next: nextOf(table, sequence),
    })
  }

  missing({ table, record, witness = 'entry', sequence }: Place): void {
    const values = { table, record, witness, ...numbered(sequence) }
    this.add({
      ...{ table, record, ...numbered(sequence), found: nothing, expected: record },
      what: said('audit-record-missing', values),
      next: nextOf(table, sequence),
    })
  }

  unrecorded({ table, record }: Place): void {
    this.add({
      ...{ table, record, found: record, expected: nothing },
      what: said('audit-record-unrecorded', { table, record }),
      next: nextOf(table, undefined),
    })
  }

  /** Whatever else it is: `what` says it. */
  add(fault: AuditFault): void {
    this.look(fault.table).faults += 1
    if (this.faults.length < shownFaults) this.faults.push(fault)
  }

  /** The value of a column of JSON; a fault when others would read another one. */
  json(text: string, { table, record, column, sequence }: Omit<Compared, 'found' | 'expected'>): unknown {
    const { value, problem } = strictJson(text)
    if (problem !== undefined) {
      const { why, at } = problem
      this.add({
        ...{
          table,
          record,
          column,
          ...numbered(sequence),
          found: `${why} ${at}`.trim(),
          expected: 'strict JSON',
        },
        what: said('audit-json-not-strict', {
          table,
          record,
          column,
          fault: why,
          ...(at === '' ? {} : { at }),
        }),
        next: nextOf(table, sequence),
      })
    }
    return value
  }

  private look(table: AuditTable) {
    const known = this.looks.get(table) ?? { records: 0, faults: 0 }
    this.looks.set(table, known)
    return known
  }
}

/** Whether a logged value is another one, or its digest where it is a free text. */
export function standsFor(logged: unknown, actual: unknown): boolean {
  if (isSame(logged, actual)) return true
  if (typeof logged === 'string')
    return (
      actual !== undefined &&
      logged === `sha256:${sha256Hex(typeof actual === 'string' ? actual : canonicalJson(actual))}`
    )
  if (typeof logged !== 'object' || typeof actual !== 'object' || logged === null || actual === null)
    return false
  if (Array.isArray(logged) !== Array.isArray(actual)) return false
  const [one, other] = [
    logged as Readonly<Record<string, unknown>>,
    actual as Readonly<Record<string, unknown>>,
  ]
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].every((key) => standsFor(one[key], other[key]))
}

/** Of two values that differ, the innermost place that does. */
function narrowed(at: Pick<Compared, 'column' | 'found' | 'expected'>): typeof at {
  const { column, found, expected } = at
  if (!isBelow(found) || !isBelow(expected)) return at
  const keys = [...new Set([...Object.keys(found), ...Object.keys(expected)])]
  const key = keys.find((each) => !standsFor(expected[each], found[each]))
  if (key === undefined) return at
  return narrowed({ column: `${column}.${key}`, found: found[key], expected: expected[key] })
}

/** Whether a value is an object, and has an object below this key. */
export function isBelow<K extends string = never>(
  value: unknown,
  key?: K,
): value is Readonly<Record<string, unknown>> & Readonly<Record<K, Readonly<Record<string, unknown>>>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return key === undefined || isBelow((value as Readonly<Record<string, unknown>>)[key])
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  return canonicalJson(one) === canonicalJson(other)
}

function nextOf(table: AuditTable, sequence: number | undefined): Said {
  if (table === 'migration') return said('audit-next-fold')
  if (table === 'rights') return said('audit-next-rights')
  return said('audit-next-restore', sequence === undefined ? {} : { after: sequence - 1 })
}

const numbered = (sequence: number | undefined) => (sequence === undefined ? {} : { sequence })

function shown(value: unknown): string {
  if (value === undefined || value === null) return nothing
  const text = typeof value === 'string' ? value : canonicalJson(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
