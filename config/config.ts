import { z } from 'zod'
import { saying, schemaProblems, wanted } from '../domain/schema-problems.ts'

import { QianyunError, type InputProblem } from '../domain/errors.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'
import { isTimeZone } from '../domain/wall-clock.js'
import { readEnv, variableNames, type Env, type Variables } from './env.ts'
import { chooseHome } from './home.mjs'
import { databaseRoleOf, type ProcessName } from '../domain/process-name.ts'
import { readOwnSecret, UnknownSecretError } from './secrets.ts'

/** Thrown when the environment does not make a configuration. Every problem is in `problems`, by variable. */
export class InvalidConfigError extends QianyunError {
  override name = 'InvalidConfigError'
  readonly code = 'invalid-config'

  constructor(readonly problems: readonly InputProblem[]) {
    super(
      said('invalid-config', {
        problems: problems.map(({ path, said: problem }) => said('of-variable', { variable: path, problem })),
      }),
    )
  }
}

export interface Config {
  /** The folder all run-time state is in. */
  readonly home: string
  /** Whether this server is a lab: it takes plans whose months are seconds, and its own machine may stand for hosts. */
  readonly isLab: boolean
  /** The network zone this process serves. */
  readonly zone: string
  /** IANA name; calendar rules (three months of retention, windows) are counted in it. */
  readonly timeZone: string
  readonly ports: {
    readonly api: number
    readonly temporal: number
    readonly temporalUi: number
    readonly postgres: number
  }
  /** The address the API listens on. */
  readonly apiHost: string
  /** Where clients find the API. */
  readonly apiUrl: string
  /** The page of the Temporal server, when there is one. */
  readonly temporalUiUrl?: string
  /** With the role of this process; of the stack itself, with that of the owner of the tables. */
  readonly databaseUrl: string
  /** For how long every look at a way back is kept; of older ones the last of each hour is. */
  readonly measurementDays: number
  readonly temporal: TemporalConfig
  /** True for the servers that were named by the environment instead of being started by the stack. */
  readonly external: { readonly temporal: boolean; readonly database: boolean }
}

export interface TemporalConfig {
  readonly address: string
  readonly namespace: string
  readonly apiKey?: string
  readonly tls?: TemporalTls
}

/** Paths of PEM files; the client pair is what makes it mutual TLS. */
export interface TemporalTls {
  readonly serverName?: string
  readonly serverCaPath?: string
  readonly client?: { readonly certPath: string; readonly keyPath: string }
}

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, wanted('port-number'))
    .transform(Number)
    .refine((value) => value >= 1 && value <= 65_535, wanted('port-in-range'))
    .default(fallback)

const httpUrl = z.url({ protocol: /^https?$/, error: wanted('http-url') })

const EnvInput = z
  .object({
    home: z.string().optional(),
    profile: z.enum(['production', 'lab'], 'must be "production" or "lab"').default('production'),
    zone: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, wanted('zone-name'))
      .default('default'),
    timeZone: z.string().refine(isTimeZone, wanted('time-zone-name')).default('Asia/Shanghai'),
    apiHost: z.string().default('127.0.0.1'),
    apiPort: port(7070),
    apiUrl: httpUrl.optional(),
    temporalUiUrl: httpUrl.optional(),
    temporalPort: port(7233),
    temporalUiPort: port(8233),
    postgresPort: port(7432),
    measurementDays: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, wanted('number-of-days'))
      .transform(Number)
      .default(7),
    databaseUrl: z
      .url({
        protocol: /^postgres(ql)?$/,
        error: wanted('database-url'),
      })
      .optional(),
    temporalAddress: z
      .string()
      .regex(/^[^\s/]+:\d{1,5}$/, wanted('host-and-port'))
      .optional(),
    temporalNamespace: z.string().default('default'),
    temporalApiKey: z.string().optional(),
    temporalTls: z
      .enum(['true', 'false'], wanted('true-or-false'))
      .transform((value) => value === 'true')
      .optional(),
    temporalTlsServerName: z.string().optional(),
    temporalTlsServerCaPath: z.string().optional(),
    temporalTlsClientCertPath: z.string().optional(),
    temporalTlsClientKeyPath: z.string().optional(),
  })
  .superRefine((env, context) => {
    const complain = (name: keyof Env, what: Said) => {
      context.addIssue({ code: 'custom', path: [name], ...saying(what) })
    }
    if ((env.temporalTlsClientCertPath === undefined) !== (env.temporalTlsClientKeyPath === undefined)) {
      complain(
        env.temporalTlsClientCertPath === undefined
          ? 'temporalTlsClientCertPath'
          : 'temporalTlsClientKeyPath',
        said('client-certificate-and-key'),
      )
    }
    const ports = ['apiPort', 'temporalPort', 'temporalUiPort', 'postgresPort'] as const
    for (const [index, name] of ports.entries()) {
      const earlier = ports.slice(0, index).find((other) => env[other] === env[name])
      if (earlier !== undefined)
        complain(name, said('port-in-use-by', { port: String(env[name]), variable: variableNames[earlier] }))
    }
  })

type ParsedEnv = z.output<typeof EnvInput>

/**
 * The configuration of this process, read once from the environment. `name`: which of the processes it is; absent for the stack.
 * Throws InvalidConfigError with every problem at once, and the errors of a secret file that others can read.
 */
export function loadConfig(variables: Variables = process.env, name?: ProcessName): Config {
  const given = readEnv(variables)
  const parsed = EnvInput.safeParse(given)
  if (!parsed.success) {
    throw new InvalidConfigError(schemaProblems(parsed.error.issues, given, ([name]) => variableOf(name)))
  }
  const env = parsed.data
  const home = chooseHome({ env: variables }).path
  return {
    home,
    isLab: env.profile === 'lab',
    zone: env.zone,
    timeZone: env.timeZone,
    ports: {
      api: env.apiPort,
      temporal: env.temporalPort,
      temporalUi: env.temporalUiPort,
      postgres: env.postgresPort,
    },
    apiHost: env.apiHost,
    apiUrl: env.apiUrl ?? `http://127.0.0.1:${env.apiPort}`,
    ...temporalUi(env),
    measurementDays: env.measurementDays,
    databaseUrl:
      env.databaseUrl === undefined
        ? embeddedDatabaseUrl(home, env.postgresPort, name)
        : namedDatabaseUrl(home, env.databaseUrl, name),
    temporal: temporalConfig(env),
    external: { temporal: env.temporalAddress !== undefined, database: env.databaseUrl !== undefined },
  }
}

/** The name of the secret with the password of the stack's own PostgreSQL. */
export const stackPostgresSecret = 'stack-postgres'

/** The name of the secret with the password of a process's role. */
export const processSecret = (name: ProcessName): string => `database-${name}`

/**
 * The address of the stack's own PostgreSQL for a process, or for the owner of the tables; without a password as long as the stack has
 * not made one.
 */
export function embeddedDatabaseUrl(home: string, postgresPort: number, name?: ProcessName): string {
  const role = name === undefined ? 'qianyun' : databaseRoleOf(name)
  const url = new URL(`postgres://${role}@127.0.0.1:${postgresPort}/qianyun`)
  return withPassword(home, url, name === undefined ? stackPostgresSecret : processSecret(name))
}

/** The same server and database without a log-in: what a process is told, which has a log-in of its own. */
export function withoutLogin(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.username = ''
  url.password = ''
  for (const name of ['user', 'password']) url.searchParams.delete(name)
  return url.href
}

/** A database that the environment names: with its log-in, if it has one, otherwise with that of the process. */
export function namedDatabaseUrl(home: string, databaseUrl: string, name?: ProcessName): string {
  const url = new URL(databaseUrl)
  if (name === undefined || url.username !== '' || url.searchParams.has('user')) return databaseUrl
  url.username = databaseRoleOf(name)
  return withPassword(home, url, processSecret(name))
}

function withPassword(home: string, url: URL, secretName: string): string {
  try {
    url.password = readOwnSecret(home, secretName)
  } catch (error) {
    if (!(error instanceof UnknownSecretError)) throw error
  }
  return url.href
}

function temporalUi(env: ParsedEnv): Pick<Config, 'temporalUiUrl'> {
  if (env.temporalUiUrl !== undefined) return { temporalUiUrl: env.temporalUiUrl }
  return env.temporalAddress === undefined ? { temporalUiUrl: `http://127.0.0.1:${env.temporalUiPort}` } : {}
}

function temporalConfig(env: ParsedEnv): TemporalConfig {
  const tls = temporalTls(env)
  return {
    address: env.temporalAddress ?? `127.0.0.1:${env.temporalPort}`,
    namespace: env.temporalNamespace,
    ...(env.temporalApiKey === undefined ? {} : { apiKey: env.temporalApiKey }),
    ...(tls === undefined ? {} : { tls }),
  }
}

function temporalTls(env: ParsedEnv): TemporalTls | undefined {
  const { temporalTlsServerName: serverName, temporalTlsServerCaPath: serverCaPath } = env
  const { temporalTlsClientCertPath: certPath, temporalTlsClientKeyPath: keyPath } = env
  const tls: TemporalTls = {
    ...(serverName === undefined ? {} : { serverName }),
    ...(serverCaPath === undefined ? {} : { serverCaPath }),
    ...(certPath === undefined || keyPath === undefined ? {} : { client: { certPath, keyPath } }),
  }
  const wanted = env.temporalTls ?? (env.temporalApiKey !== undefined || Object.keys(tls).length > 0)
  return wanted ? tls : undefined
}

function variableOf(name: unknown): string {
  const names: Readonly<Record<string, string>> = variableNames
  return names[String(name)] ?? 'The environment'
}
