import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'

const config = Object.fromEntries(
  readFileSync(process.argv[2], 'utf8')
    .split('\n')
    .flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
)

/** Every entry by its key, as the file has them: a line of JSON each. What has no line break at its end was never acknowledged. */
function readEntries(path) {
  const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' })
  const lines = text.split('\n').slice(0, -1)
  return new Map(lines.map((line) => JSON.parse(line)).map((entry) => [entry.key, entry]))
}

const entries = readEntries(config.DATA_FILE)
const file = openSync(config.DATA_FILE, 'a')

/** An entry is acknowledged once it is on disk. */
function enter(entry) {
  const known = entries.get(entry.key)
  if (known !== undefined) return known
  writeSync(file, `${JSON.stringify(entry)}\n`)
  fdatasyncSync(file)
  entries.set(entry.key, entry)
  return entry
}

async function bodyOf(request) {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}

async function answerTo(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://register')
  if (pathname === '/health') return [200, { status: 'ok', site: config.SITE, entries: entries.size }]
  if (pathname !== '/entries') return [404, { error: `there is no "${pathname}"` }]
  if (request.method !== 'POST') {
    const found = entries.get(searchParams.get('key') ?? '')
    return found === undefined ? [404, { error: 'no such entry' }] : [200, found]
  }
  const { key, text } = await bodyOf(request)
  if (typeof key !== 'string' || typeof text !== 'string')
    return [400, { error: 'an entry has a key and a text' }]
  return [201, enter({ key, text })]
}

const server = createServer((request, response) => {
  answerTo(request)
    .catch((error) => [400, { error: error.message }])
    .then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })
})
server.listen(Number(config.PORT), config.ADDRESS)
process.on('SIGTERM', () => {
  server.close(() => {
    closeSync(file)
    process.exit(0)
  })
  server.closeIdleConnections()
})
