import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import mysql from 'mysql2/promise'

const config = Object.fromEntries(
  readFileSync(process.argv[2], 'utf8')
    .split('\n')
    .flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
)
const largestFileBytes = 20 * 1024 * 1024

/** Straight to the server: there is nothing in between. */
const pool = mysql.createPool({
  host: config.DB_HOST,
  port: Number(config.DB_PORT),
  user: config.DB_USER,
  password: readFileSync(config.DB_PASSWORD_FILE, 'utf8').trim(),
  database: config.DB_NAME,
  connectionLimit: 12,
  connectTimeout: 5_000,
  bigNumberStrings: true,
  supportBigNumbers: true,
})

class Refused extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** Runs `work` with a connection. Where none is to be had nothing was written, which is told from a connection that breaks. */
async function connected(work) {
  const connection = await pool.getConnection().catch((error) => {
    throw new Refused(503, `the database lets nobody in: ${error.message}`)
  })
  try {
    return await work(connection)
  } finally {
    connection.release()
  }
}

async function findLetter(connection, key) {
  const [rows] = await connection.query(
    `SELECT l.id, l.letter_key AS \`key\`, l.sender, l.body FROM letter l WHERE l.letter_key = ?`,
    [key],
  )
  if (rows.length === 0) throw new Refused(404, `no letter has the key "${key}"`)
  const [files] = await connection.query('SELECT sha256 FROM attachment WHERE letter_id = ?', [rows[0].id])
  return { ...rows[0], files: files.map(({ sha256 }) => sha256) }
}

/** The same key again is the same letter. */
async function receive({ key, text }) {
  if (typeof key !== 'string' || typeof text !== 'string')
    throw new Refused(400, 'a letter has a key and a text')
  return connected(async (connection) => {
    await connection.query('INSERT IGNORE INTO letter (letter_key, sender, body) VALUES (?, ?, ?)', [
      key,
      '来信人',
      text,
    ])
    return findLetter(connection, key)
  })
}

/** First on disk, then its row. */
async function attach(key, content) {
  const sha256 = createHash('sha256').update(content).digest('hex')
  return connected(async (connection) => {
    const { id } = await findLetter(connection, key)
    await writeDurably(join(config.UPLOAD_DIR, sha256.slice(0, 2)), sha256, content)
    await connection.query('INSERT IGNORE INTO attachment (letter_id, sha256, size_bytes) VALUES (?, ?, ?)', [
      id,
      sha256,
      content.length,
    ])
    return { key, sha256 }
  })
}

async function writeDurably(folder, name, content) {
  await mkdir(folder, { recursive: true })
  const draft = join(folder, `${name}.${process.pid}.${Math.random().toString(16).slice(2)}.part`)
  const handle = await open(draft, 'wx', 0o640)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(folder, name))
}

async function latest() {
  return connected(async (connection) => {
    const [rows] = await connection.query('SELECT * FROM letter_overview ORDER BY id DESC LIMIT 20')
    return rows
  })
}

async function bodyOf(request) {
  const chunks = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes > largestFileBytes) throw new Refused(413, `a body has at most ${largestFileBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function answerTo(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://letters')
  const key = searchParams.get('key')
  switch (`${request.method} ${pathname}`) {
    case 'GET /health':
      return [200, { status: 'ok', site: config.SITE }]
    case 'POST /letters':
      return [201, await receive(JSON.parse(await bodyOf(request)))]
    case 'GET /letters':
      return [
        200,
        key === null ? await latest() : await connected((connection) => findLetter(connection, key)),
      ]
    case 'POST /files':
      return [201, await attach(key ?? '', await bodyOf(request))]
    case 'GET /files': {
      const digest = /^[0-9a-f]{64}$/.exec(searchParams.get('sha256') ?? '')?.[0]
      if (digest === undefined) throw new Refused(400, 'a file is asked for by its "sha256"')
      return [
        200,
        await readFile(join(config.UPLOAD_DIR, digest.slice(0, 2), digest)).catch(() => {
          throw new Refused(404, 'there is no such file')
        }),
      ]
    }
    default:
      throw new Refused(404, `there is no ${request.method} ${pathname}`)
  }
}

const server = createServer((request, response) => {
  answerTo(request)
    .catch((error) => {
      if (error.status === undefined)
        console.error(new Date().toISOString(), request.method, request.url, error.message)
      return [error.status ?? 500, { error: error.message }]
    })
    .then(([status, body]) => {
      response.writeHead(status, {
        'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
      })
      response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
    })
})

// Longer than a proxy keeps idle connections, so that it is never us who close one while a request is on its way.
server.keepAliveTimeout = 75_000
server.listen(Number(config.LISTEN_PORT), config.LISTEN_HOST)
process.on('SIGTERM', () => {
  server.close(() => pool.end().finally(() => process.exit(0)))
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 5_000).unref()
})
