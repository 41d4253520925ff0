import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { readConfig } from './config.mjs'
import { Database } from './database.mjs'
import { openFile, storeFile } from './files.mjs'
import { acceptPermit, findByKey, listPermits, recordVisit, showPermit } from './permits.mjs'
import { refuse } from './refusal.mjs'

const config = readConfig(process.argv[2])
const app = JSON.parse(readFileSync(new URL('app.json', import.meta.url), 'utf8'))
const database = new Database(config)
const largestFileBytes = 20 * 1024 * 1024

const routes = [
  ['GET', /^\/health$/, health],
  ['GET', /^\/version$/, version],
  ['POST', /^\/permits$/, accept],
  ['GET', /^\/permits$/, list],
  ['GET', /^\/permits\/(\d{1,18})$/, show],
  ['POST', /^\/permits\/(\d{1,18})\/files$/, upload],
  ['GET', /^\/files\/(\d{1,18})$/, download],
  ['GET', /^\/lookup$/, lookup],
]

async function health({ query, answer }) {
  if (query.get('deep')) await database.query('SELECT 1')
  answer(200, { status: 'ok', site: config.SITE })
}

async function version({ query, answer }) {
  const facts = { name: app.name, version: app.version, site: config.SITE, runtime: app.runtime }
  if (!query.get('database')) return answer(200, facts)
  const { rows } = await database.query(
    `SELECT host(inet_server_addr()) AS address, current_setting('server_version') AS version, current_database() AS name`,
  )
  answer(200, { ...facts, database: rows[0] })
}

async function accept({ request, answer }) {
  const { created, permit } = await acceptPermit(database, parse(await readBody(request, 64 * 1024)))
  answer(created ? 201 : 200, { ...permit, site: config.SITE })
}

async function list({ query, answer }) {
  await recordVisit(database, '/permits')
  answer(
    200,
    await listPermits(database, {
      status: query.get('status'),
      name: query.get('name'),
      before: query.get('before'),
    }),
  )
}

async function show({ match, answer }) {
  const permit = await showPermit(database, match[1])
  if (!permit) throw refuse(404, `there is no permit ${match[1]}`)
  answer(200, permit)
}

async function lookup({ query, answer }) {
  const permit = await findByKey(database, query.get('key') ?? '')
  if (!permit) throw refuse(404, `no permit has the key "${query.get('key')}"`)
  answer(200, permit)
}

async function upload({ request, match, answer }) {
  const name = decodeURIComponent(request.headers['x-file-name'] ?? 'attachment')
  const content = await readBody(request, largestFileBytes)
  answer(201, await storeFile(database, config.UPLOAD_DIR, match[1], name, content))
}

async function download({ match, response }) {
  const file = await openFile(database, config.UPLOAD_DIR, match[1])
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': file.size_bytes,
    etag: `"${file.sha256}"`,
  })
  file.stream.pipe(response)
}

async function readBody(request, limitBytes) {
  const chunks = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes > limitBytes) throw refuse(413, `the body is larger than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(body) {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw refuse(400, 'the body is not JSON')
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://permit-desk')
  const answer = (status, value) => {
    const body = JSON.stringify(value)
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }
  try {
    const [, , handle, match] = findRoute(request.method, url.pathname)
    await handle({ request, response, query: url.searchParams, match, answer })
  } catch (error) {
    if (!error.status)
      console.error(new Date().toISOString(), request.method, url.pathname, error.code ?? '', error.message)
    if (response.headersSent) response.destroy()
    else answer(error.status ?? 500, { error: error.message })
  }
})

function findRoute(method, path) {
  for (const [routeMethod, pattern, handle] of routes) {
    const match = pattern.exec(path)
    if (match && routeMethod === method) return [routeMethod, pattern, handle, match]
  }
  throw refuse(404, `there is no ${method} ${path}`)
}

// Longer than a proxy keeps idle connections, so that it is never us who close one while a request is on its way.
server.keepAliveTimeout = 75_000
server.listen(Number(config.LISTEN_PORT), config.LISTEN_HOST, () => {
  console.log(
    new Date().toISOString(),
    `${app.name} ${app.version} serves ${config.SITE} on ${config.LISTEN_HOST}:${config.LISTEN_PORT}`,
  )
})

process.on('SIGTERM', () => {
  server.close(async () => {
    await database.end()
    process.exit(0)
  })
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 5_000).unref()
})
