import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
import {
  canaryOf,
  CanarySearch,
  everythingInTemporal,
  everythingStored,
  ProcessWatch,
} from '../support/canaries.ts'
import { useCli } from '../support/cli.ts'
import { leakProgram } from '../support/leak-program.ts'
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
      `  - { id: leak-${name}, kind: command, host: target, with: { argv: [${process.execPath}, '${home}/leak.js', '${home}/put', ${name}, '${String(exit)}', canary-0], changesNothing: true } }`,
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
const heard: string[] = []
/** A server that says again whatever it was told, in its headers and its body, as it is and encoded. */
const echo = createServer((request, response) => {
  const chunks: Buffer[] = []
  request
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', () => {
      const told = Buffer.concat([Buffer.from(request.rawHeaders.join('\n')), ...chunks])
      heard.push(told.toString('latin1'))
      response.setHeader('x-told', told.toString('base64'))
      response.statusCode = 500
      response.end(`${told.toString()}\n${told.toString('hex')}\n${encodeURIComponent(told.toString())}`)
    })
})

/** A playbook for each shape of a secret and each place of a request it is sent in; the answer is never as expected. */
const requests = shapes.flatMap((_, at) =>
  (['headers', 'body'] as const).map((place) => ({ name: `asks-${place}-${String(at)}`, at, place })),
)
function writeRequests(url: string): void {
  const sent = { headers: `headers: { authorization: 'Bearer {told}' }`, body: `body: '{"token":"{told}"}'` }
  for (const { name, at, place } of requests)
    write(
      join(playbooksFolder, name, 'playbook.yaml'),
      `playbook: ${name}
title: { zh: 一, en: one }
secrets: [canary-${String(at)}]
steps:
  - { id: ask, kind: http-check, with: { url: '${url}', method: POST, secrets: { told: canary-${String(at)} }, ${sent[place]}, status: any, contains: never, expect: 'json.token == "x"' } }
`,
    )
}

for (const name of Object.values(samplePlanInput().playbooks))
  write(
    join(playbooksFolder, name, 'playbook.yaml'),
    `playbook: ${name}\ntitle: { zh: 一, en: one }\nsteps: [{ id: wipe, kind: wipe }]\n`,
  )

beforeAll(async () => {
  sshd = await startSshd()
  write(join(home, 'leak.js'), leakProgram)
  write(join(home, 'secrets', 'ssh-key'), sshd.privateKey)
  const owner = { organisation: 'permit-bureau', system: 'permit-desk' }
  const at = `${sshd.address}:${String(sshd.port)}`
  writeSecretBindings(home, 'ssh-key', [{ ...owner, purpose: 'ssh-login', addresses: [at] }])
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  const asked = `127.0.0.1:${String((echo.address() as AddressInfo).port)}`
  writeRequests(`http://${asked}/`)
  for (const { name, value } of canaries) {
    write(join(home, 'secrets', name), value)
    writeSecretBindings(home, name, [
      { ...owner, purpose: 'host-file', addresses: [sshd.address] },
      { ...owner, purpose: 'http-request', addresses: [asked] },
    ])
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
  echo.close()
  await sshd.close()
  rmSync(home, { recursive: true })
}, 60_000)

const search = new CanarySearch(canaries.map(({ name, core }) => canaryOf(name, core)))
const canariesIn = (text: string): readonly string[] => search.in(text)

/** Carries a playbook out, and looks for the canaries wherever something of it may be told or kept. */
async function runAndSearch(name: string) {
  const watch = new ProcessWatch(search)
  const body = { plan: 'permit-desk-plan' }
  const { runId } = await api.call('runPlaybook', { as: 'operations', params: { name }, body })
  for (;;) {
    const { state: now } = await api.call('showPlaybookRun', { as: 'operations', params: { run: runId } })
    if (now !== 'running') break
    await sleep(20)
  }
  const shown = await api.send('showPlaybookRun', { as: 'operations', params: { run: runId } })
  const audit = await api.send('exportAudit', { as: 'auditor' })
  const printed = await cli.run(['playbook', 'runs', runId, '--json', '--context', 'operations'])
  const found = {
    processes: (await watch.end()).found,
    shown: canariesIn(shown.text),
    audit: canariesIn(audit.text),
    printed: canariesIn(printed.stdout + printed.stderr),
    stored: canariesIn(await everythingStored(api.pool)),
    histories: canariesIn(await everythingInTemporal(client)),
  }
  return { shown, found }
}
const nowhere = { processes: [], shown: [], audit: [], printed: [], stored: [], histories: [] }

describe('forty secrets, after runs that print them in every encoding', () => {
  it.each([
    ['tells', 'done', /\[secret canary-39\]/],
    ['fails', 'failed', /command-failed/],
  ])(
    'are nowhere: %s',
    async (name, state, says) => {
      const { shown, found } = await runAndSearch(name)
      expect(shown.json).toMatchObject({ state })
      expect(shown.text).toMatch(says)
      expect(found).toEqual(nowhere)
    },
    180_000,
  )
})

describe('secrets of every shape, sent in requests to a server that says them again', () => {
  it.each(requests)(
    'are nowhere: $name',
    async ({ name, at, place }) => {
      const { shown, found } = await runAndSearch(name)
      expect(shown.json).toMatchObject({ state: 'failed' })
      const { core = '', value = '' } = canaries[at] ?? {}
      const isSent = place === 'body' || /^[\x20-\xff]*$/.test(value)
      expect(
        heard.some((text) => text.includes(core) && text.includes(`"token"`) === (place === 'body')),
      ).toBe(isSent)
      expect(found).toEqual(nowhere)
    },
    60_000,
  )
})
