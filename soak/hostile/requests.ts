import { routes, type RouteName } from '../../api/contract.ts'
import { SystemStore } from '../../storage/systems.ts'
import type { Person } from '../../test/support/credentials.ts'
import type { Answer, Call } from '../../test/support/open-api.ts'
import { samplePlanInput } from '../../test/support/plan-input.ts'
import { requestsOf } from '../../test/support/requests.ts'
import type { Dice } from '../dice.ts'
import { isRefused, unlessRefused, type Attack, type Tried } from './attack.ts'
import { brokenText, mangled, replacedAt, textAt, textsIn } from './mangle.ts'
import { row, type HostileRoom } from './room.ts'

const names = Object.keys(routes) as RouteName[]
const strangers: readonly Person[] = [
  'otherCoordinator',
  'otherOwner',
  'otherProvider',
  'otherVendor',
  'otherOperations',
]
const everybody: readonly Person[] = ['coordinator', 'owner', 'provider', 'vendor', 'operations', 'auditor']

/** Routes that answer everybody alike, or lists, of which nothing but what is one's own is given. */
const answersAll: ReadonlySet<RouteName> = new Set<RouteName>([
  ...([
    'health',
    'description',
    'me',
    'storeEvidence',
    'listPlaybooks',
    'planSchema',
    'playbookSchema',
    'lintPlaybook',
  ] as const),
  ...([
    'listAudit',
    'verifyAudit',
    'exportAudit',
    'listSystems',
    'listPlans',
    'listMigrations',
    'listTasks',
  ] as const),
  ...(['listPlaybookRuns', 'listSecretAddresses'] as const),
])

/** Somebody of another organisation asks for something of the move, by its names and by other spellings of them. */
export const strangersAsk: Attack = async ({ api, subject }, dice) => {
  const name = dice.one(names.filter((each) => !answersAll.has(each)))
  const as = dice.one(strangers)
  const { params, ...rest } = requestsOf(subject)[name]
  const spelt = Object.entries(params ?? {}).map(([key, value]) => [
    key,
    dice.happens(0.7) ? value : otherwise(dice, value),
  ])
  const answer = await api.send(name, {
    as,
    ...rest,
    params: Object.fromEntries(spelt) as Record<string, string>,
  })
  return unlessRefused([{ what: `${as} asks ${name}`, answer }])
}

const otherwise = (dice: Dice, text: string): string =>
  dice.one([
    text.toUpperCase(),
    `${text}.`,
    `./${text}`,
    `${text}%00`,
    `${text}/../${text}`,
    ` ${text}`,
    `${text}\n`,
  ])

/** NUL and halves of characters in one text after the other of a request. */
export const brokenTexts: Attack = async ({ api, subject }, dice) => {
  const name = dice.one(names.filter((each) => routes[each].roles !== 'public'))
  const { roles } = routes[name]
  const as = dice.one(everybody.filter((person) => roles.includes(person as never)))
  const { headers, ...request } = requestsOf(subject)[name]
  const places = textsIn(request)
  const answers = await Promise.all(
    places.map(async (place) => {
      const text = brokenText(dice, textAt(request, place))
      const broken = replacedAt(request, place, text) as Omit<Call, 'as'>
      const answer = await sendAnyhow(api, name, { as, ...broken, ...(headers && { headers }) })
      return { what: `${name} with ${JSON.stringify(text)} in ${place.join('.')}`, answer }
    }),
  )
  return unlessRefused(
    answers.flatMap(({ what, answer }) => (answer === undefined ? [] : [{ what, answer }])),
  )
}

/** Halves of a character have no place in an address: the client itself refuses or replaces them. */
async function sendAnyhow(api: HostileRoom['api'], name: RouteName, call: Call): Promise<Answer | undefined> {
  const inAddress = Object.values({ ...call.params, ...call.query })
  return inAddress.some((text) => /\p{Surrogate}/u.test(text)) ? undefined : api.send(name, call)
}

const hostileValues = [
  'x; reboot',
  '$(id)',
  '../../etc',
  '/etc',
  '/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  '-oProxyCommand=id',
  '/x\r\nHost: evil',
  '//evil.example/x',
  'a\nb',
]

/** A plan by the right coordinator with a value that no step takes. */
export const plansOfBadValues: Attack = async ({ api }, dice) => {
  const plan = samplePlanInput({ plan: `bad-${String(dice.between(0, 1e9))}` })
  const place = dice.one(textsIn(plan).filter(([part]) => part !== 'inputs' && part !== 'waivers'))
  const value = dice.one(hostileValues)
  const body = replacedAt(plan, place, value)
  const { status, text } = await api.send('createPlan', { as: 'coordinator', body })
  const isTaken = status === 201 && !isRight(place.join('.'), value)
  const what = `a plan with ${JSON.stringify(value)} as its ${place.join('.')}`
  const wrong = isTaken || status >= 500 ? [`${what}: ${String(status)} ${text.slice(0, 200)}`] : []
  return { attacks: 1, succeeded: wrong }
}

/** A role of a database and what people call a host may be any one line; paths of files and URLs may be what they are. */
function isRight(place: string, value: string): boolean {
  if (/(?:adminUser|appRoles\.\d+|label)$/.test(place)) return !/[\r\n]/.test(value)
  if (/(?:healthPath|\.path|readPath)$/.test(place)) return /^\/[^/]*$/.test(value) && !/\s/.test(value)
  return /(?:configFile|databasesFile)$/.test(place) && value === '//evil.example/x'
}

/** A plan for somebody else's system, however it is made. */
export const plansOfOthers: Attack = async ({ api }, dice) => {
  const parts = ['owner', 'provider', 'vendor', 'coordinator', 'operations'] as const
  const own = {
    owner: 'water-bureau',
    provider: 'other-cloud',
    vendor: 'other-soft',
    coordinator: 'other-office',
    operations: 'other-centre',
  }
  const { organisations } = samplePlanInput()
  const mixed = parts.map((part) => [part, dice.happens(0.5) ? own[part] : organisations[part]])
  const body = samplePlanInput({
    plan: dice.happens(0.3) ? 'permit-desk-plan' : `theirs-${String(dice.between(0, 1e9))}`,
    organisations: Object.fromEntries(mixed) as typeof organisations,
  })
  const answer = await api.send('createPlan', { as: 'otherCoordinator', body })
  return unlessRefused([{ what: `a plan with ${JSON.stringify(body.organisations)}`, answer }])
}

/** Rows of a list in which somebody else's system has another owner, level or vendor, and files that are none. */
export const ledgers: Attack = async ({ api }, dice) => {
  const before = await new SystemStore(api.pool).get(row.system)
  const change = dice.one([
    { department: 'water-bureau' },
    { classified: true },
    { mlpsLevel: 5 },
    { vendor: 'other-soft' },
    { name: '改名' },
  ])
  const header = {
    'content-type': dice.one(['text/csv', 'text/csv; charset=utf-16', 'text/csv;charset=gbk']),
  }
  const changed = { ...row, ...change }
  const csv = mangled(dice, `${Object.keys(changed).join(',')}\n${Object.values(changed).join(',')}\n`)
  const query = dice.happens(0.5) ? { partial: 'true' } : {}
  const body = dice.happens(0.5) ? { body: [changed] } : { body: csv, headers: header }
  const { status, text } = await api.send('importSystems', { as: 'otherCoordinator', query, ...body })
  const now = await new SystemStore(api.pool).get(row.system)
  const isOther = JSON.stringify(now) !== JSON.stringify(before)
  const wrong = [
    ...(status >= 500
      ? [`the ledger answered ${String(status)} ${text.slice(0, 200)} to ${JSON.stringify(body)}`]
      : []),
    ...(isOther ? [`the row became ${JSON.stringify(now)} by ${JSON.stringify(body)}`] : []),
  ]
  return { attacks: 1, succeeded: wrong }
}

/** Tokens that are nearly somebody's, or no token at all. */
export const logIns: Attack = async ({ api }, dice) => {
  const { token } = api.people[dice.one(everybody)]
  const at = dice.between(0, token.length - 1)
  const other = token[at] === 'A' ? 'B' : 'A'
  const values = [
    `Bearer ${token.slice(0, at)}${other}${token.slice(at + 1)}`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}A`,
    `Basic ${token}`,
    `Bearer ${token} ${token}`,
    `Bearer ' or '1'='1' --${token.slice(0, 8)}`,
    `Bearer ${Buffer.from(token).toString('hex')}`,
    'Bearer undefined',
  ]
  const answers = await Promise.all(
    values.map(async (authorization) => ({
      what: `the token "${authorization}"`,
      answer: await api.send('me', { headers: { authorization } }),
    })),
  )
  return unlessRefused(answers)
}

/** Lint floods by a vendor: whoever else asks is answered all the same. */
export const lintFloods: Attack = async ({ api }, dice) => {
  const depth = dice.between(200, 980)
  const argv = Array.from(
    { length: dice.between(20, 240) },
    () => `'\${${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}'`,
  )
  const step = `- { id: a, kind: command, host: target, with: { argv: [${argv.join(', ')}] } }`
  const text = `playbook: a\ntitle: { zh: 一, en: one }\nsteps:\n  ${step}\n`.slice(0, 900_000)
  const flood = Promise.all(
    Array.from({ length: 6 }, async () => api.send('lintPlaybook', { as: 'vendor', body: { text } })),
  )
  const asked = await api.send('showMigration', { as: 'owner', params: { system: row.system } })
  const answers = await flood
  const wrong = [asked, ...answers].filter(({ status }) => status >= 500)
  return {
    attacks: answers.length,
    succeeded: wrong.map(({ status, text: said }) => `a flood: ${String(status)} ${said}`),
  }
}

/** One key for requests of one person with one content and with others, at once and one after the other. */
export const requestKeys: Attack = async ({ api, subject }, dice) => {
  const key = `soak-${String(dice.between(0, 1e12))}`
  const pause = (reason: string, as: Person = 'coordinator') =>
    api.send('pause', {
      as,
      params: { system: subject.system },
      body: { reason },
      headers: { 'idempotency-key': key },
    })
  const same = await Promise.all(Array.from({ length: dice.between(2, 6) }, async () => pause('a storm')))
  const later = await pause('a storm')
  const other = await pause('no storm at all')
  const others = await pause('a storm', 'otherOperations')
  await api.send('resume', { as: 'coordinator', params: { system: subject.system }, body: {} })
  const answers = [...same, later]
  const sequences = new Set(
    answers.map(({ status, json }) => (status === 202 ? (json as { sequence: number }).sequence : status)),
  )
  const wrong = [
    ...(sequences.size === 1 && same[0]?.status === 202 ? [] : [`one key gave ${[...sequences].join(', ')}`]),
    ...(isRefused(other) ? [] : [`another content under one key: ${String(other.status)}`]),
    ...(isRefused(others) ? [] : [`another person under one key: ${String(others.status)}`]),
  ]
  return { attacks: answers.length + 2, succeeded: wrong }
}

/** Streams by strangers, by nobody, of numbers that are none, opened at once and left. */
export const streams: Attack = async ({ api, subject }, dice): Promise<Tried> => {
  const asking = new AbortController()
  const open = async (query: string, person?: Person, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/events?${query}`, {
      headers: { ...(person && { authorization: `Bearer ${api.people[person].token}` }), ...headers },
      signal: asking.signal,
    })
  const refusedOnes = await Promise.all([
    open(`migration=${subject.migration}`, dice.one(strangers)),
    open(`migration=${subject.migration}`),
    open('after=-1', 'owner'),
    open('after=1e400', 'owner'),
    open('after=%00', 'owner'),
  ])
  const count = dice.between(5, 50)
  const many = await Promise.all(
    Array.from({ length: count }, async () => open('after=0', dice.one(strangers), { 'last-event-id': '0' })),
  )
  const heard = await Promise.all(many.slice(0, 5).map(firstOf))
  asking.abort()
  return {
    attacks: refusedOnes.length + count,
    succeeded: [
      ...refusedOnes.flatMap(({ status }) =>
        status >= 400 && status < 500 ? [] : [`a stream: ${String(status)}`],
      ),
      ...heard.flatMap((text) => (text.includes(subject.migration) ? [`a stranger heard ${text}`] : [])),
    ],
  }
}

async function firstOf({ body }: Response): Promise<string> {
  const reader = body?.getReader()
  const part = (await reader?.read()) as { readonly value?: Uint8Array } | undefined
  return new TextDecoder().decode(part?.value)
}
