import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { createDeskActivities } from '../../activities/desk.ts'
import { createPlaybookActivities } from '../../activities/playbook.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import { SecretStore, writeSecretBindings } from '../../config/secrets.ts'
import { createRunner } from '../../runner/runner.ts'
import { BoundSecrets } from '../../runner/secrets/bound-secrets.ts'
import { FactStore } from '../../storage/facts.ts'
import { SecretAddressStore } from '../../storage/secret-addresses.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { startSshd, type TestSshd } from '../support/sshd.ts'
import { useTemporal } from '../support/temporal.ts'

const home = mkdtempSync(join(tmpdir(), 'qianyun-canaries-'))
const playbooksFolder = join(home, 'playbooks')
const temporal = useTemporal()
let client: Client
let sshd: TestSshd
let stopWorkers: (() => Promise<void>) | undefined
const api = useApi(
  async () => {
    client = await makeNamespace(temporal)
    return { client, close: async () => undefined }
  },
  { playbooksFolder },
)
const cli = useCli(api)

/** What people use as passwords, around a part that stands nowhere else in the world. */
const shapes: readonly ((core: string) => string)[] = [
  (core) => core,
  (core) => `pa ss'${core}`,
  (core) => `"${core}\\`,
  (core) => `/${core}+%&=?#`,
  (core) => `密码${core}口令`,
  (core) => `<${core}>&amp;`,
  (core) => `$(${core})\``,
  (core) => `${core}${'x'.repeat(200)}${core}`,
  (core) => `-----BEGIN PRIVATE KEY-----\n${core}\n${core}\n-----END PRIVATE KEY-----`,
  (core) => `😀!*()${core}'`,
]
const canaries = Array.from({ length: 40 }, (_, at) => {
  const core = randomBytes(12).toString('hex')
  return { name: `canary-${String(at)}`, core, value: (shapes[at % shapes.length] ?? String)(core) }
})

/** Run on the host: prints what is in each file in every encoding, whole, in the middle of texts, and in halves with a pause between. */
const leak = `
const { readFileSync } = require('node:fs')
const [, , folder, only, exit] = process.argv
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const put = async (bytes) => {
  const half = Math.floor(bytes.length / 2)
  process.stdout.write(bytes.subarray(0, half))
  await wait(3)
  process.stdout.write(bytes.subarray(half))
}
void (async () => {
  {
    const text = readFileSync(folder + '/' + only, 'utf8')
    const wrapped = (encoding, before) => Buffer.from(before + text + 'yz').toString(encoding)
    const json = JSON.stringify({ text })
    const forms = [
      text, json, json.replaceAll('/', '\\\\/'), encodeURIComponent(text), new URLSearchParams({ text }).toString(),
      encodeURIComponent(text).toLowerCase() === text ? '' : encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
      wrapped('hex', ''), wrapped('hex', '').toUpperCase(), Buffer.from(text).toString('hex').replace(/../g, '$& '),
      wrapped('base64', ''), wrapped('base64', 'a'), wrapped('base64', 'ab'), wrapped('base64url', 'a'),
      Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\\n'),
      "'" + text.replaceAll("'", "'\\\\''") + "'", "'" + text.replaceAll("'", "''") + "'",
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ]
    for (const form of forms) await put(Buffer.from('found ' + form + ' there\\n'))
  }
  const last = readFileSync(folder + '/canary-0', 'utf8')
  process.stderr.write('e'.repeat(3000) + ' ' + last + ' ' + 'f '.repeat(2041))
  process.exit(Number(exit))
})()
`

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
}

const puts = canaries.map(
  ({ name }) =>
    `  - { id: put-${name}, kind: file, host: target, with: { path: '${home}/put/${name}', secret: ${name} } }`,
)
const leaks = (exit: number) =>
  canaries.map(
    ({ name }) =>
      `  - { id: leak-${name}, kind: command, host: target, with: { argv: [${process.execPath}, '${home}/leak.js', '${home}/put', ${name}, '${String(exit)}'], changesNothing: true } }`,
  )
for (const [name, exit] of [
  ['tells', 0],
  ['fails', 3],
] as const)
  write(
    join(playbooksFolder, name, 'playbook.yaml'),
    `playbook: ${name}
title: { zh: 一, en: one }
secrets: [${canaries.map((canary) => canary.name).join(', ')}]
steps:
  - { id: make, kind: file, host: target, with: { path: '${home}/put', state: directory } }
${puts.join('\n')}
${leaks(exit).join('\n')}
`,
  )
for (const name of Object.values(samplePlanInput().playbooks))
  write(
    join(playbooksFolder, name, 'playbook.yaml'),
    `playbook: ${name}\ntitle: { zh: 一, en: one }\nsteps: [{ id: wipe, kind: wipe }]\n`,
  )

beforeAll(async () => {
  sshd = await startSshd()
  write(join(home, 'leak.js'), leak)
  write(join(home, 'secrets', 'ssh-key'), sshd.privateKey)
  const owner = { organisation: 'permit-bureau', system: 'permit-desk' }
  const at = `${sshd.address}:${String(sshd.port)}`
  writeSecretBindings(home, 'ssh-key', [{ ...owner, purpose: 'ssh-login', addresses: [at] }])
  for (const { name, value } of canaries) {
    write(join(home, 'secrets', name), value)
    writeSecretBindings(home, name, [{ ...owner, purpose: 'host-file', addresses: [sshd.address] }])
  }
  const journal = new StepJournalStore(api.pool)
  const secrets = new BoundSecrets({
    source: new SecretStore(home, {}),
    addresses: new SecretAddressStore(api.pool),
    ownPlaces: { assertNone: async () => Promise.resolve() },
  })
  const runner = createRunner({ secrets, journal, playbooks: new PlaybookStore(playbooksFolder) })
  const facts = new FactStore(api.pool)
  const activities = {
    ...createDeskActivities({ runner, facts }),
    ...createPlaybookActivities({ runner, journal, facts }),
  }
  stopWorkers = await startWorkers(temporal, client.options.namespace, api, { activities })
  const row = { name: '受理', classified: false, mlpsLevel: 2 }
  const body = [{ ...row, system: 'permit-desk', department: 'permit-bureau' }]
  await api.call('importSystems', { as: 'coordinator', body })
  const base = samplePlanInput()
  const { address, port, user, hostKey } = sshd
  const target = { ...base.hosts['target'], address, port, user, hostKey, keySecret: 'ssh-key' }
  const plan = { ...base, hosts: { ...base.hosts, target } } as typeof base
  await api.call('createPlan', { as: 'coordinator', body: plan })
}, 120_000)

afterAll(async () => {
  await stopWorkers?.()
  await sshd.close()
  rmSync(home, { recursive: true })
}, 60_000)

/** Which canaries a text holds a half of, in whichever encoding: by the part of each that stands nowhere else. */
function canariesIn(text: string): readonly string[] {
  const lower = text.toLowerCase()
  return canaries.flatMap(({ name, core }) => {
    const halves = [core.slice(0, 12), core.slice(12)]
    const plain = halves.some((half) => lower.includes(half))
    const spaced = lower.replaceAll(/[^0-9a-f]/g, '')
    const hex = halves.some((half) => spaced.includes(Buffer.from(half).toString('hex')))
    const unbroken = text.replaceAll(/\\n|\s/g, '')
    const base64 = halves.some((half) =>
      [0, 1, 2].some((shift) => {
        const encoded = Buffer.from(`${' '.repeat(shift)}${half}`).toString('base64')
        return unbroken.includes(
          encoded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + 12) * 8) / 6)),
        )
      }),
    )
    return plain || hex || base64
      ? [`${name}${plain ? ' plain' : ''}${hex ? ' hex' : ''}${base64 ? ' base64' : ''}`]
      : []
  })
}

/** What other users of a machine can read of processes, and what children inherit. */
function ofProcesses(): string {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'latin1')
    } catch {
      return ''
    }
  }
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids.map((id) => read(`/proc/${id}/cmdline`) + read(`/proc/${id}/environ`)).join('\n')
}

async function everythingStored(): Promise<string> {
  const { rows } = await api.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const tables = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await api.pool.query<{ row: string }>(`select t::text as row from "${name}" t`)
      return found.rows.map(({ row }) => row).join('\n')
    }),
  )
  return tables.join('\n')
}

async function everythingInTemporal(): Promise<string> {
  const histories: string[] = []
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    const bytes = (part: unknown): unknown => {
      if (part instanceof Uint8Array) return Buffer.from(part).toString('utf8')
      if (Array.isArray(part)) return part.map(bytes)
      if (typeof part !== 'object' || part === null) return String(part)
      return Object.entries(part).map(([key, value]) => [key, bytes(value)])
    }
    histories.push(JSON.stringify(bytes(history)))
  }
  return histories.join('\n')
}

describe('forty secrets, after runs that print them in every encoding', () => {
  it.each([
    ['tells', 'done', /\[secret canary-39\]/],
    ['fails', 'failed', /command-failed/],
  ])(
    'are nowhere: %s',
    async (name, state, says) => {
      const seen = new Set<string>()
      const body = { plan: 'permit-desk-plan' }
      const { runId } = await api.call('runPlaybook', { as: 'operations', params: { name }, body })
      for (;;) {
        for (const one of canariesIn(ofProcesses())) seen.add(one)
        const { state: now } = await api.call('showPlaybookRun', { as: 'operations', params: { run: runId } })
        if (now !== 'running') break
        await sleep(20)
      }
      const shown = await api.send('showPlaybookRun', { as: 'operations', params: { run: runId } })
      expect(shown.json).toMatchObject({ state })
      expect(shown.text).toMatch(says)
      const audit = await api.send('exportAudit', { as: 'auditor' })
      const printed = await cli.run(['playbook', 'runs', runId, '--json', '--context', 'operations'])
      expect({
        processes: [...seen],
        shown: canariesIn(shown.text),
        audit: canariesIn(audit.text),
        printed: canariesIn(printed.stdout + printed.stderr),
        stored: canariesIn(await everythingStored()),
        histories: canariesIn(await everythingInTemporal()),
      }).toEqual({ processes: [], shown: [], audit: [], printed: [], stored: [], histories: [] })
    },
    180_000,
  )
})
