import { Client } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { pino } from 'pino'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/config.ts'
import type { ProcessName } from '../domain/process-name.ts'
import { SecretStore, takeSecrets } from '../config/secrets.ts'
import { openConnection, temporalConnectionOptions } from '../config/temporal-connection.ts'
import { createPool, type Pool } from '../storage/pool.ts'

/** A database that is stopped (SIGSTOP) lets go of nothing by itself; entries wait for each other some milliseconds. */
const answersWithinMs = 20_000

/** What a worker process is built from: made once, by hand, and given back in reverse order. */
export class WorkerContext implements AsyncDisposable {
  private constructor(
    readonly config: Config,
    readonly pool: Pool,
    readonly secrets: SecretStore,
    readonly connection: NativeConnection,
    readonly client: Client,
  ) {}

  static async open(name: ProcessName): Promise<WorkerContext> {
    const config = loadConfig(process.env, name)
    const options = temporalConnectionOptions(config.temporal)
    const connection = await NativeConnection.connect(options)
    const clientConnection = openConnection(options)
    await clientConnection.ensureConnected()
    return new WorkerContext(
      config,
      createPool(config.databaseUrl, { max: 10, answersWithinMs }),
      new SecretStore(config.home, takeSecrets(process.env)),
      connection,
      new Client({ connection: clientConnection, namespace: config.temporal.namespace }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.connection.close()
    await this.connection.close()
    await this.pool.end()
  }
}

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** Structured logs of this process and of Temporal's core, on standard error. Call before anything connects. */
export function installRuntime(process: string): pino.Logger {
  const log = pino({ name: process, base: null }, pino.destination(2))
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      log[levels[level]]({ ...meta }, message)
    }),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  })
  return log
}

/** Tells the process that started this one that it may be used: one JSON line on standard output. */
export function announceReady(facts: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ ready: true, ...facts })}\n`)
}
