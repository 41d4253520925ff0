import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { refuse } from './refusal.mjs'

/** Stores an uploaded file: first on disk, then its row. The same content for the same permit is stored once. */
export async function storeFile(database, uploadDir, permitId, fileName, content) {
  if (content.length === 0) throw refuse(422, 'the file is empty')
  const sha256 = createHash('sha256').update(content).digest('hex')
  const permit = await database.query('SELECT submitted_at FROM permit WHERE id = $1', [permitId])
  if (permit.rowCount === 0) throw refuse(404, `there is no permit ${permitId}`)
  const month = permit.rows[0].submitted_at.toISOString().slice(0, 7)
  const storedAs = join(
    month,
    `${permitId}-${sha256.slice(0, 12)}${extname(fileName)
      .toLowerCase()
      .replace(/[^.a-z0-9]/g, '')}`,
  )
  await writeDurably(join(uploadDir, storedAs), content)
  const { rows } = await database.query(
    `INSERT INTO attachment (permit_id, file_name, sha256, size_bytes, stored_as) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (stored_as) DO UPDATE SET file_name = excluded.file_name RETURNING id, sha256, size_bytes`,
    [permitId, fileName, sha256, content.length, storedAs],
  )
  return rows[0]
}

export async function openFile(database, uploadDir, id) {
  const { rows } = await database.query(
    'SELECT stored_as, size_bytes, sha256 FROM attachment WHERE id = $1',
    [id],
  )
  if (rows.length === 0) throw refuse(404, `there is no file ${id}`)
  const handle = await open(join(uploadDir, rows[0].stored_as)).catch(() => {
    throw refuse(410, `file ${id} is recorded, but not in the upload folder`)
  })
  return { ...rows[0], stream: createReadStream('', { fd: handle }) }
}

async function writeDurably(path, content) {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`
  const handle = await open(draft, 'wx', 0o640)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, path)
}
