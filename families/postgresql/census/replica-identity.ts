import type { TableFacts } from '../facts/database-facts.ts'

/** Whether a server refuses updates and deletes of a table once it is published. */
export const lacksIdentity = ({ unlogged, hasReplicaIdentity }: TableFacts): boolean =>
  !unlogged && !hasReplicaIdentity

/** Whether a table that has a key was told not to go by it: by NOTHING, or by an index that is gone since. */
export const isIdentityTakenAway = (table: TableFacts): boolean =>
  lacksIdentity(table) &&
  table.hasUsableKey &&
  (table.replicaIdentity === 'nothing' || table.replicaIdentity === 'index')

/** Whether two rows of a table can be compared, so that a whole row can serve as its key. */
export const isComparable = ({ incomparableColumns }: TableFacts): boolean => incomparableColumns.length === 0
