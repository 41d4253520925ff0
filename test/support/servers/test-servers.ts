import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { bundleWorkflowCode } from '@temporalio/worker'
import pg from 'pg'

import { chooseHome } from '../../../config/home.mjs'
import { homeBinaries, homeLayout, makeFolders } from '../../../standalone/layout.ts'
import { ManagedProcess } from '../../../standalone/managed-process.ts'
import { findFreePorts } from '../../../standalone/ports.ts'
import { adminUrl, preparePostgres, type PostgresPlace } from '../../../standalone/postgres.ts'
import { prepareTemporal } from '../../../standalone/temporal.ts'

const repository = join(import.meta.dirname, '..', '..', '..')

/** What a test is told about each server. */
export interface TestServerAnswers {
  readonly postgres: { readonly adminUrl: string }
  readonly template: { readonly adminUrl: string; readonly template: string }
  readonly temporal: { readonly address: string; readonly namespace: string }
  readonly bundle: { readonly codePath: string }
  readonly 'time-skipping': { readonly program: string }
  readonly 'own-temporal': { readonly program: string }
}

/** The servers all test files share, each started once. */
export class TestServers {
  private readonly running: ManagedProcess[] = []
  private readonly answers = new Map<string, Promise<unknown>>()

  constructor(readonly folder: string) {}

  ask(name: string): Promise<unknown> {
    const earlier = this.answers.get(name)
    if (earlier !== undefined) return earlier
    const answer = this.start(name as keyof TestServerAnswers)
    this.answers.set(name, answer)
    return answer
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.answers.values())
    await Promise.all(this.running.map((server) => server.stop()))
  }

  private start(name: keyof TestServerAnswers): Promise<unknown> {
    switch (name) {
      case 'postgres':
        return this.startPostgres()
      case 'template':
        return this.makeTemplate()
      case 'temporal':
        return this.startTemporal()
      case 'bundle':
        return bundleWorkflows()
      case 'own-temporal':
        return Promise.resolve({ program: binaries().temporal })
      case 'time-skipping':
        return Promise.resolve({ program: binaries().temporalTestServer })
      default:
        return Promise.reject(new Error(`There is no test server "${String(name)}"`))
    }
  }

  private async startPostgres(): Promise<TestServerAnswers['postgres']> {
    const layout = homeLayout(this.folder)
    makeFolders(layout)
    const [port = 0] = await findFreePorts(1)
    const place: PostgresPlace = {
      home: this.folder,
      programs: binaries().postgres,
      dataFolder: layout.postgresData,
      logPath: join(layout.logs, 'postgres.log'),
      port,
      // Nothing here outlives the run, so nothing needs to reach the disk.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
    }
    await this.run(new ManagedProcess(await preparePostgres(place)))
    return { adminUrl: adminUrl(place) }
  }

  /** A database with the schema in it, which test files clone. */
  private async makeTemplate(): Promise<TestServerAnswers['template']> {
    const { adminUrl } = (await this.ask('postgres')) as TestServerAnswers['postgres']
    const template = 'qianyun_template'
    await query(adminUrl, `CREATE DATABASE ${template}`)
    const url = new URL(adminUrl)
    url.pathname = `/${template}`
    const { setUpDatabase } = await import('../../../api/use-cases/set-up-database.ts')
    await setUpDatabase(url.href, { api: 'api', orchestrator: 'orchestrator', runner: 'runner' })
    return { adminUrl, template }
  }

  private async startTemporal(): Promise<TestServerAnswers['temporal']> {
    const layout = homeLayout(this.folder)
    makeFolders(layout)
    const [port = 0] = await findFreePorts(1)
    const place = {
      program: binaries().temporal,
      dataFolder: layout.temporalData,
      logPath: join(layout.logs, 'temporal.log'),
      port,
      namespace: 'default',
    }
    await this.run(new ManagedProcess(await prepareTemporal(place, console.error)))
    return { address: `127.0.0.1:${port}`, namespace: place.namespace }
  }

  private async run(server: ManagedProcess): Promise<void> {
    this.running.push(server)
    await server.whenReady()
  }
}

async function bundleWorkflows(): Promise<TestServerAnswers['bundle']> {
  const workflowsPath = join(repository, 'workflows', 'index.ts')
  if (!existsSync(workflowsPath)) throw new Error(`There are no workflows: "${workflowsPath}" is missing`)
  const quiet = () => undefined
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    logger: {
      log: quiet,
      trace: quiet,
      debug: quiet,
      info: quiet,
      warn: console.error,
      error: console.error,
    },
  })
  const folder = join(repository, 'node_modules', '.cache', 'qianyun')
  mkdirSync(folder, { recursive: true })
  const codePath = join(folder, 'workflows.js')
  writeFileSync(codePath, code)
  return { codePath }
}

function binaries() {
  return homeBinaries(chooseHome().path)
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
