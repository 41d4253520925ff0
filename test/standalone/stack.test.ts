import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import pg from 'pg'

import { embeddedDatabaseUrl } from '../../config/config.ts'
import { readStackRecord, StackRunningError } from '../../standalone/lock.ts'
import { findFreePorts, findPortHolder, PortsTakenError } from '../../standalone/ports.ts'
import { identify } from '../../standalone/process-identity.ts'
import { startStack, type Stack, type StackOptions } from '../../standalone/stack.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()
const lockPath = join(home, 'standalone.json')
const said: string[] = []
let options: StackOptions
let stack: Stack | undefined

beforeAll(async () => {
  const [api, temporal, temporalUi, postgres] = await findFreePorts(4)
  const ports = { api: api!, temporal: temporal!, temporalUi: temporalUi!, postgres: postgres! }
  const variables = { PATH: process.env['PATH'], HOME: home }
  options = { home, ports, lab: false, variables, say: (line) => said.push(line) }
  stack = await startStack(options)
}, 180_000)

afterAll(() => stack?.stop(), 60_000)

describe('the stack', () => {
  it('answers with its page when it is up', async () => {
    const page = await fetch(stack!.config.apiUrl)

    expect(page.status).toBe(200)
    expect(said.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['postgres', 'temporal', 'orchestrator', 'runner', 'api']),
    )
  })

  it('has each of its processes reach the database by a role of its own', async () => {
    const client = new pg.Client({ connectionString: embeddedDatabaseUrl(home, options.ports.postgres) })
    await client.connect()
    let found: string[] = []
    const roles = async () => {
      const { rows } = await client.query<{ role: string }>(
        `select distinct usename::text as role from pg_stat_activity
          where datname = 'qianyun' and pid <> pg_backend_pid() and application_name like 'qianyun%'`,
      )
      return rows.map(({ role }) => role)
    }
    // The guard of the runner looks for moves as soon as a worker has begun it.
    while (!['qianyun_api', 'qianyun_runner'].every((role) => found.includes(role))) {
      await sleep(100)
      found = await roles()
    }
    await client.end()
    expect(found).not.toContain('qianyun')
  }, 60_000)

  it('refuses a second start in its home, and leaves the first alone', async () => {
    await expect(startStack(options)).rejects.toThrow(StackRunningError)

    expect(readStackRecord(lockPath)?.pid).toBe(process.pid)
    expect((await fetch(stack!.config.apiUrl)).status).toBe(200)
  })

  it('refuses another home on its ports, naming what holds them, and starts nothing there', async () => {
    const elsewhere = join(home, 'elsewhere')
    const starting = startStack({ ...options, home: elsewhere })

    await expect(starting).rejects.toThrow(PortsTakenError)
    await expect(starting).rejects.toThrow(
      new RegExp(`Port ${options.ports.postgres} for PostgreSQL is taken by process \\d+ \\(".*postgres`),
    )
    expect(existsSync(join(elsewhere, 'standalone.json'))).toBe(false)
  })

  it('starts a killed runner again', async () => {
    const killed = stack!.pid('runner')!
    process.kill(killed, 'SIGKILL')

    while (!said.some((line) => line.startsWith('runner runs again'))) await sleep(50)

    expect(stack!.pid('runner')).not.toBe(killed)
  }, 60_000)

  it('ends all it started, and finds its state again at the next start', async () => {
    const processes = readStackRecord(lockPath)!.processes
    await stack!.stop()

    expect(processes.filter(({ pid }) => identify(pid) !== undefined)).toEqual([])
    expect(Object.values(options.ports).map((port) => findPortHolder(port))).toEqual(Array(4).fill(undefined))
    expect(existsSync(lockPath)).toBe(false)

    const password = readFileSync(join(home, 'own-secrets', 'stack-postgres'), 'utf8')
    stack = await startStack(options)
    expect((await fetch(stack.config.apiUrl)).status).toBe(200)
    expect(readFileSync(join(home, 'own-secrets', 'stack-postgres'), 'utf8')).toBe(password)
  }, 180_000)
})
