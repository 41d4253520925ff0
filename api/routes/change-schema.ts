import { excerptOf, sqlStatements } from '../../domain/sql-statements.ts'
import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

/** What is shown of a long file. */
const shownStatements = 20

/** The text is stored once; the move carries its digest and the beginnings of its statements. */
export const changeSchema = moveCommand(
  routes.changeSchema,
  'change-schema',
  async ({ body: { sql, ...asked } }, _move, { stores }) => ({
    ...asked,
    sqlDigest: await stores.facts.put({ sql }),
    statements: sqlStatements(sql).slice(0, shownStatements).map(excerptOf),
  }),
)
