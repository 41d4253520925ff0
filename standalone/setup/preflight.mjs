import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'

import { SetupError } from './sentence.mjs'
import { usage } from './usage.mjs'
import { words } from './words.mjs'

const no = { type: 'boolean' }
const text = { type: 'string' }
/** Flags that take a name; all others with a value take a number. */
const named = ['lang', 'system']
const flags = {
  start: { 'no-lab': no, fresh: no, yes: no, lang: text },
  demo: { json: no, writers: text, 'kill-workers': text, system: text, list: no, lang: text },
  bench: {
    switches: text,
    'size-gb': text,
    writers: text,
    steps: text,
    files: text,
    entries: text,
    json: no,
  },
  soak: { count: text, seed: text, datasets: text, databases: text, minutes: text, texts: text, json: no },
  setup: { 'no-lab': no, lang: text },
  uninstall: { yes: no, packages: no, lang: text },
}

/** Commands of which there are several by one name. */
const kinds = {
  bench: ['cutover', 'mysql', 'steps', 'files', 'cli', 'audit'],
  soak: ['switchovers', 'hostile'],
}

const ports = {
  QIANYUN_API_PORT: '7070',
  QIANYUN_TEMPORAL_PORT: '7233',
  QIANYUN_TEMPORAL_UI_PORT: '8233',
  QIANYUN_POSTGRES_PORT: '7432',
}
const elsewhere = ['DATABASE_URL', 'TEMPORAL_ADDRESS']

/** Tells what is wrong with flags and variables before anything is installed. Throws SetupError with all of it. */
export function assertAsked(name, args, env = process.env) {
  assertTemporaryFolder()
  if (name === 'test') return
  if (flags[name] !== undefined) assertFlags(name, args)
  const problems = [...wrongPorts(env), ...wrongServers(env)]
  const named = elsewhere.filter((variable) => isSet(env, variable))
  if ((name === 'demo' || name === 'bench') && named.length > 0) problems.push(words.ownServers(name, named))
  if (name === 'start' && args.includes('--fresh') && named.length > 0)
    problems.push(words.freshElsewhere(named[0]))
  if (problems.length > 0) throw new SetupError(problems.join('\n'))
}

/** Throws SetupError when a port of a start is in use or not open to this user. Where all is installed the start itself says by whom, so this is for before. */
export async function assertPortsOpen(env = process.env) {
  const wanted = Object.entries(ports).filter(
    ([name]) =>
      !(isSet(env, 'DATABASE_URL') && name === 'QIANYUN_POSTGRES_PORT') &&
      !(isSet(env, 'TEMPORAL_ADDRESS') && name.startsWith('QIANYUN_TEMPORAL')),
  )
  const problems = []
  for (const [name, usual] of wanted) {
    const port = Number(env[name]?.trim() || usual)
    const refusal = await whyNotListening(port)
    if (refusal === 'EACCES') problems.push(words.portRefused(name, port))
    else if (refusal !== undefined) problems.push(words.portTaken(name, port))
  }
  if (problems.length > 0) throw new SetupError(problems.join('\n'))
}

function assertFlags(name, args) {
  let parsed
  try {
    parsed = parseArgs({ args, options: flags[name], allowPositionals: name in kinds })
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error
    throw new SetupError(words.unknownFlag(wrongFlag(error), usage[name]))
  }
  const { values, positionals } = parsed
  const [kind] = positionals
  if (name in kinds && !kinds[name].includes(kind))
    throw new SetupError(
      kind === undefined ? usage[name] : words.unknownFlag(words.unexpectedWord(kind), usage[name]),
    )
  const { lang = 'en' } = values
  if (lang !== 'zh' && lang !== 'en')
    throw new SetupError(words.unknownFlag(words.unknownLanguage(lang), usage[name]))
  const wrong = Object.entries(values).find(
    ([flag, value]) => !named.includes(flag) && typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value),
  )
  if (wrong !== undefined) throw new SetupError(words.unknownFlag(words.notANumber(...wrong), usage[name]))
}

/** What Node finds wrong with the flags, in the reader's language. */
function wrongFlag({ code, message }) {
  const quoted = /'([^' ]+)/.exec(message)?.[1] ?? message
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return words.unknownOption(quoted)
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return words.unexpectedWord(quoted)
    default:
      return message.includes('does not take')
        ? words.optionTakesNone(quoted)
        : words.optionTakesValue(quoted)
  }
}

function wrongPorts(env) {
  const given = Object.entries(ports).map(([name, usual]) => [name, env[name]?.trim() || usual])
  const wrong = given.filter(
    ([, port]) => !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535,
  )
  const same = given.flatMap(([name, port], index) => {
    const earlier = given.slice(0, index).find(([, other]) => other === port)
    return earlier === undefined ? [] : [words.samePort(earlier[0], name, port)]
  })
  return [...wrong.map(([name, port]) => words.wrongPort(name, port)), ...same]
}

function wrongServers(env) {
  const { DATABASE_URL: database = '', TEMPORAL_ADDRESS: temporal = '' } = env
  const problems = []
  if (database.trim() !== '' && !isDatabase(database.trim()))
    problems.push(words.wrongDatabase(withoutPassword(database)))
  if (temporal.trim() !== '' && !isTemporal(temporal.trim())) problems.push(words.wrongTemporal(temporal))
  return problems
}

const isDatabase = (text) => /^postgres(ql)?:\/\/\S+$/.test(text) && URL.canParse(text)

function isTemporal(text) {
  const port = /^[^\s/]+:(\d{1,5})$/.exec(text)?.[1]
  return Number(port) >= 1 && Number(port) <= 65_535
}

/** What stands between the first colon after the scheme and the last @, which is not to stand at a terminal. */
const withoutPassword = (url) => url.replace(/^(\w+:\/\/[^:@/]*):.*@/, '$1:***@')

function assertTemporaryFolder() {
  try {
    accessSync(tmpdir(), constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new SetupError(words.noTemporaryFolder(tmpdir(), error.code))
  }
}

const isSet = (env, name) => (env[name] ?? '').trim() !== ''

/** The code of the system's refusal; undefined when the port can be listened on. */
function whyNotListening(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.code))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}
