import { setUpDatabase } from '../api/use-cases/set-up-database.ts'
import { loadConfig } from '../config/config.ts'
import { QianyunError } from '../domain/errors.ts'
import { homeLayout, makeFolders } from './layout.ts'
import { assertDatabaseReachable, processPasswords } from './postgres.ts'
import { says } from './sentences.ts'

/** Brings the database that DATABASE_URL names up to date, as the owner of its tables: for whoever starts the processes one by one. */
try {
  const config = loadConfig()
  makeFolders(homeLayout(config.home))
  await assertDatabaseReachable(config.databaseUrl)
  const folded = await setUpDatabase(config.databaseUrl, processPasswords(config.home), { fold: true })
  if (folded.length > 0) console.log(says.folded(folded.join(', ')))
  console.log(says.databaseReady(new URL(config.databaseUrl).host))
} catch (error) {
  console.error(error instanceof QianyunError ? error.message : error)
  process.exitCode = 1
}
