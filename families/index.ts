import { files } from './files/declaration.ts'
import type { FamilyDeclaration } from './family.ts'
import { postgresql } from './postgresql/declaration.ts'

/** Every family there is. A new one is a folder here and a line in this list, kept in order of name. */
export const families: readonly FamilyDeclaration<unknown>[] = [files, postgresql]
