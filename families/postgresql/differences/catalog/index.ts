import * as code from './code.ts'
import type { CatalogQuery } from './query.ts'
import * as relations from './relations.ts'
import * as ofTables from './rules-of-tables.ts'
import * as surroundings from './surroundings.ts'

/** Everything of a database's own catalog in which two sides are held against each other. Comments are left out. */
export const catalog: readonly CatalogQuery[] = [
  surroundings.schemas,
  surroundings.extensions,
  code.types,
  code.typeRights,
  code.functions,
  code.aggregates,
  code.routineRights,
  code.operators,
  code.textSearch,
  code.foreignServers,
  relations.sequences,
  relations.tables,
  relations.columns,
  relations.columnOrder,
  relations.defaults,
  relations.views,
  relations.relationRights,
  relations.columnRights,
  ofTables.constraints,
  ofTables.indexes,
  ofTables.triggers,
  ofTables.rewriteRules,
  ofTables.policies,
  ofTables.statistics,
  surroundings.functionsInExtensions,
  surroundings.rightsInExtensions,
  surroundings.defaultPrivileges,
  surroundings.publications,
  surroundings.eventTriggers,
  surroundings.securityLabels,
]
