import type { TableFacts } from '../facts/database-facts.ts'

/** Whether a server refuses updates and deletes of a table once it is published. */
export const lacksIdentity = ({ unlogged, hasReplicaIdentity }: TableFacts): boolean =>
  !unlogged && !hasReplicaIdentity

/** Whether a table with a key does not use it as replica identity: by NOTHING, or by an index that was dropped. */
export const isIdentityTakenAway = (table: TableFacts): boolean =>
  lacksIdentity(table) &&
  table.hasUsableKey &&
  (table.replicaIdentity === 'nothing' || table.replicaIdentity === 'index')

/** Whether rows of a table can be compared, so that the whole row can serve as its key. */
export const isComparable = ({ incomparableColumns }: TableFacts): boolean => incomparableColumns.length === 0
