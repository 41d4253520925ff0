import { databaseRules } from './database.ts'
import { pairRules } from './pair.ts'
import type { Rule } from './rule.ts'
import { serverRules } from './server.ts'

/** Every hazard of the family. */
export const rules: readonly Rule[] = [...serverRules, ...databaseRules, ...pairRules]
