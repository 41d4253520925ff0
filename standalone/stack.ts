import { join } from 'node:path'

import { setUpDatabase } from '../api/use-cases/set-up-database.ts'
import { loadConfig, namedDatabaseUrl, withoutLogin, type Config } from '../config/config.ts'
import type { Variables } from '../config/env.ts'
import { withoutSecrets } from '../config/secrets.ts'
import { processNames } from '../domain/process-name.ts'
import { ensureRoleAccounts } from './accounts.ts'
import { endLab } from './end-lab.ts'
import { homeLayout, makeFolders, type HomeLayout } from './layout.ts'
import { endLeftBehind } from './left-behind.ts'
import { StackLock } from './lock.ts'
import { ProcessNotReadyError, type ProcessSpec } from './managed-process.ts'
import { assertPortsFree, type WantedPort } from './ports.ts'
import {
  assertDatabaseReachable,
  ensureDatabase,
  moveOwnSecrets,
  preparePostgres,
  processPasswords,
} from './postgres.ts'
import { findBinaries, programSpec, type ProgramName } from './programs.ts'
import { language, says } from './sentences.ts'
import { eraseState, StateElsewhereError, turnLogs } from './state.ts'
import { Supervisor } from './supervisor.ts'
import { prepareTemporal, registerSearchAttributes } from './temporal.ts'

export interface StackOptions {
  readonly home: string
  readonly ports: Config['ports']
  /** Whether the lab comes up with it. */
  readonly lab: boolean
  /** Begin with nothing of an earlier stack in this home. */
  readonly fresh?: boolean
  /** Told what happens, line by line. */
  readonly say?: (line: string) => void
  /** What the processes are given; `TEMPORAL_ADDRESS` and `DATABASE_URL` name servers to use instead of own ones. */
  readonly variables?: Variables
}

/** Later groups are what earlier ones need, so ending goes in this order. */
const stopOrder = [['api', 'runner', 'orchestrator'], ['lab'], ['temporal'], ['postgres']] as const

/** How long a start goes on without a word. */
const silentMs = 10_000

export type StackProcessName = (typeof stopOrder)[number][number]

/**
 * Starts Temporal, PostgreSQL, the workers, the API and, when asked, the lab, and waits until all are ready. When one
 * fails, the others are ended again. Throws StackRunningError, PortsTakenError, ProcessNotReadyError,
 * InvalidConfigError and the errors of the servers' preparation.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stack = prepareStack(options)
  await stack.start()
  return stack
}

/** Takes the right to run a stack in its home, without starting anything. Throws StackRunningError, InvalidConfigError, StateElsewhereError. */
export function prepareStack(options: StackOptions): Stack {
  const { home, ports } = options
  const variables: Variables = {
    ...(options.variables ?? process.env),
    QIANYUN_HOME: home,
    QIANYUN_LANG: language,
    // With its lab a stack is one; without it, it is what its environment says.
    ...(options.lab ? { QIANYUN_PROFILE: 'lab' } : {}),
    QIANYUN_API_PORT: String(ports.api),
    QIANYUN_TEMPORAL_PORT: String(ports.temporal),
    QIANYUN_TEMPORAL_UI_PORT: String(ports.temporalUi),
    QIANYUN_POSTGRES_PORT: String(ports.postgres),
  }
  const config = loadConfig(variables)
  if (options.fresh === true) assertStateHere(config)
  const layout = homeLayout(config.home)
  makeFolders(layout)
  const lock = StackLock.take(layout.lock, { ports, page: config.apiUrl })
  return new Stack(config, layout, lock, variables, options)
}

/** A whole product on one machine. Made by `startStack`. */
export class Stack implements AsyncDisposable {
  private readonly supervisor: Supervisor
  private readonly say: (line: string) => void
  private stopped: Promise<void> | undefined
  private killed = false

  constructor(
    readonly config: Config,
    readonly layout: HomeLayout,
    private readonly lock: StackLock,
    private readonly variables: Variables,
    private readonly options: Pick<StackOptions, 'lab' | 'fresh' | 'say'>,
  ) {
    this.say = options.say ?? (() => undefined)
    this.supervisor = new Supervisor(this.say, (processes) => {
      if (this.stopped === undefined) lock.update({ processes })
    })
  }

  /** The process that runs under a name now. */
  pid(name: StackProcessName): number | undefined {
    return this.supervisor.pid(name)
  }

  /** Ends all it started and nothing else. */
  stop(): Promise<void> {
    this.stopped ??= this.supervisor.stop(stopOrder).finally(() => {
      if (!this.killed) this.lock.release()
    })
    return this.stopped
  }

  /** Ends all at once, without asking; the lab's hosts, which are not of its process group, after that. Throws LabNotEndedError. */
  async kill(): Promise<void> {
    this.killed = true
    this.supervisor.kill()
    if (this.options.lab) await endLab(this.layout, 'down')
    this.lock.release()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** Starts everything; called once. When it throws, nothing is left running. `stop` also ends a start under way. */
  async start(): Promise<void> {
    try {
      await this.makeRoom()
      // The lab takes longest and nobody waits for it, so that the page is there early.
      await this.settleAll([this.startProduct(), ...(this.options.lab ? [this.startProgram('lab')] : [])])
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  private async startProduct(): Promise<void> {
    await this.settleAll([this.startPostgres(), this.startTemporal()])
    // Schema, rights and accounts first: every process below finds its tables. The password may be as new as the server.
    const asOwner = loadConfig(this.variables)
    await setUpDatabase(asOwner.databaseUrl, processPasswords(asOwner.home))
    await this.assertProcessesGetIn()
    await ensureRoleAccounts(asOwner)
    await this.settleAll([
      this.startProgram('orchestrator'),
      this.startProgram('runner'),
      this.startProgram('api'),
    ])
  }

  /** Roles of a server that is not the stack's own may have other passwords than the ones kept here. Throws DatabaseNotReachableError. */
  private async assertProcessesGetIn(): Promise<void> {
    const { config } = this
    if (!config.external.database) return
    const database = withoutLogin(config.databaseUrl)
    for (const name of processNames) {
      await assertDatabaseReachable(namedDatabaseUrl(config.home, database, name), name)
    }
  }

  private async makeRoom(): Promise<void> {
    await endLeftBehind(this.lock.leftBehind, this.say)
    if (this.options.fresh === true) await eraseState(this.layout, this.say)
    makeFolders(this.layout)
    moveOwnSecrets(this.layout)
    turnLogs(this.layout, stopOrder.flat())
    await assertPortsFree(wantedPorts(this.config))
  }

  private async startPostgres(): Promise<void> {
    const { config, layout } = this
    if (config.external.database) {
      await assertDatabaseReachable(config.databaseUrl)
      this.say(says.namedDatabase(new URL(config.databaseUrl).host))
      return
    }
    const place = {
      home: config.home,
      programs: findBinaries(config.home).postgres,
      dataFolder: layout.postgresData,
      logPath: join(layout.logs, 'postgres.log'),
      port: config.ports.postgres,
    }
    await this.startProcess(await preparePostgres(place), `127.0.0.1:${place.port}`)
    await ensureDatabase(place)
  }

  private async startTemporal(): Promise<void> {
    const { config, layout } = this
    if (config.external.temporal) {
      await registerSearchAttributes(config.temporal)
      this.say(says.namedTemporal(config.temporal.address))
      return
    }
    const place = {
      program: findBinaries(config.home).temporal,
      dataFolder: layout.temporalData,
      logPath: join(layout.logs, 'temporal.log'),
      port: config.ports.temporal,
      uiPort: config.ports.temporalUi,
      namespace: config.temporal.namespace,
    }
    const spec = await prepareTemporal(place, this.say)
    const where = `127.0.0.1:${place.port}`
    try {
      await this.startProcess(spec, where)
    } catch (error) {
      // The dev server looks for free ports for its parts, and ends when one is taken before it listens there.
      if (!(error instanceof ProcessNotReadyError && error.ended) || this.stopped !== undefined) throw error
      this.say(says.temporalOnceMore)
      await this.startProcess(spec, where)
    }
  }

  /** The first failure ends what else starts; all are waited for, so that nothing is still starting when it is reported. */
  private async settleAll(starts: readonly Promise<void>[]): Promise<void> {
    let first: { readonly failure: unknown } | undefined
    const noted = starts.map((start) =>
      start.catch((failure: unknown) => {
        first ??= { failure }
        void this.stop()
      }),
    )
    await Promise.all(noted)
    if (first !== undefined) throw first.failure
  }

  private startProgram(name: ProgramName): Promise<void> {
    const variables = this.withoutOwner()
    // Secrets of plans are read by the runner alone.
    return this.startProcess(
      programSpec(name, this.layout, name === 'runner' ? variables : withoutSecrets(variables)),
    )
  }

  /** What the processes are told: the log-in of the owner of the tables is the stack's alone. */
  private withoutOwner(): Variables {
    const { config, variables } = this
    return config.external.database
      ? { ...variables, DATABASE_URL: withoutLogin(config.databaseUrl) }
      : variables
  }

  private async startProcess(spec: ProcessSpec, where = ''): Promise<void> {
    const begin = performance.now()
    const patience = setTimeout(() => {
      this.say(says.notReadyYet(spec.name, spec.readyTimeoutMs / 1000, spec.logPath))
    }, silentMs)
    await this.supervisor.start(spec).finally(() => clearTimeout(patience))
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)
    this.say(says.isReady(spec.name, where, seconds))
  }
}

/** Throws StateElsewhereError when what a fresh start is to remove is kept by servers that are not the stack's own. */
export function assertStateHere({ external }: Config): void {
  if (external.database) throw new StateElsewhereError('DATABASE_URL')
  if (external.temporal) throw new StateElsewhereError('TEMPORAL_ADDRESS')
}

function wantedPorts(config: Config): WantedPort[] {
  const { api, temporal, temporalUi, postgres } = config.ports
  return [
    { purpose: says.purposes.api, port: api, variable: 'QIANYUN_API_PORT' },
    ...(config.external.temporal
      ? []
      : [
          { purpose: says.purposes.temporal, port: temporal, variable: 'QIANYUN_TEMPORAL_PORT' },
          { purpose: says.purposes.temporalUi, port: temporalUi, variable: 'QIANYUN_TEMPORAL_UI_PORT' },
        ]),
    ...(config.external.database
      ? []
      : [{ purpose: says.purposes.postgres, port: postgres, variable: 'QIANYUN_POSTGRES_PORT' }]),
  ]
}
