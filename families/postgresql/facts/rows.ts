import type { SequenceFacts, TableFacts } from './database-facts.ts'

export interface TableRow {
  name: string
  rows_estimate: string
  has_primary_key: boolean
  has_usable_key: boolean
  identity_code: string
  has_identity_index: boolean
  key_columns: string[]
  unlogged: boolean
  partitioned: boolean
  row_security: boolean
  generated_columns: string[]
  identity_columns: string[]
  incomparable_columns: string[]
}

export interface SequenceRow {
  name: string
  cache: string
  increment: string
  last_value: string | null
  cycles: boolean
  owned_by: string | null
}

const identities: Readonly<Record<string, TableFacts['replicaIdentity']>> = {
  d: 'default',
  f: 'full',
  i: 'index',
  n: 'nothing',
}

export function tableFacts(row: TableRow): TableFacts {
  const replicaIdentity = identities[row.identity_code] ?? 'nothing'
  return {
    name: row.name,
    rowsEstimate: Number(row.rows_estimate),
    sizeBytes: 0,
    hasPrimaryKey: row.has_primary_key,
    hasUsableKey: row.has_usable_key,
    replicaIdentity,
    hasReplicaIdentity: replicaIdentity === 'full' || row.has_identity_index,
    keyColumns: row.key_columns,
    unlogged: row.unlogged,
    partitioned: row.partitioned,
    rowSecurity: row.row_security,
    generatedColumns: row.generated_columns,
    identityColumns: row.identity_columns,
    incomparableColumns: row.incomparable_columns,
  }
}

export function sequenceFacts(row: SequenceRow): SequenceFacts {
  return {
    name: row.name,
    cache: Number(row.cache),
    increment: Number(row.increment),
    ...(row.last_value !== null && { lastValue: row.last_value }),
    cycles: row.cycles,
    ...(row.owned_by !== null && { ownedBy: row.owned_by }),
  }
}
