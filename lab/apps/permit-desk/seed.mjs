import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readConfig } from './config.mjs'
import { Database } from './database.mjs'
import { storeFile } from './files.mjs'

// Fills an empty database and upload folder with the same data every time: seed.mjs <configuration file> [host port].
const [configFile, host, port] = process.argv.slice(2)
const config = { ...readConfig(configFile), ...(host && port ? { DB_HOST: host, DB_PORT: port } : {}) }
const database = new Database(config)
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const attachments = 60

await database.transaction(async (client) => {
  const { rows } = await client.query(`SELECT to_regclass('permit') IS NOT NULL AS made`)
  if (!rows[0].made) await client.query(`${read('schema.sql')}\n${read('seed.sql')}`)
})
const { rows: permits } = await database.query('SELECT id, applicant_name FROM permit ORDER BY id LIMIT $1', [
  attachments,
])
// One after the other, so that ids fall the same way every time.
for (const [index, { id, applicant_name: name }] of permits.entries()) {
  await storeFile(database, config.UPLOAD_DIR, id, `${name}-申请材料.pdf`, document(index, name))
}
await database.end()

/** A file of 2 to 200 KB that looks like a scan: no two alike, each the same every time. */
function document(index, name) {
  const head = Buffer.from(`%PDF-1.4\n% ${name} ${index}\n`)
  const blocks = Array.from({ length: 64 + ((index * 37) % 97) * 64 }, (_, block) =>
    createHash('sha256').update(`${index}/${block}`).digest(),
  )
  return Buffer.concat([head, ...blocks, Buffer.from('\n%%EOF\n')])
}
