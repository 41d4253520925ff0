import pg from 'pg'
import type { DatabasePlace, ServerTls, WeakLogin } from '../../domain/host.ts'
import { addressOf, type SecretPurpose, type SecretUse } from '../../domain/secret-use.ts'
import { defaultOutageMs } from '../../domain/plan/policy.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import { type LoginSafety, safeClient } from './server/client.ts'
import { type Named, fail, naming } from './server/naming.ts'
import { sideName } from './side-name.ts'
import { plainMeaning } from './server/plain-meaning.ts'
import { controlDatabase } from './server/control-schema.ts'

export interface ConnectOptions {
  readonly database?: string
  readonly readWrite?: boolean
  readonly applicationName?: string
  /** A question that has no answer by then fails. Without it a question waits as long as its connection stands. */
  readonly answersWithinMs?: number
}

/** A database as its family sees it. */
export interface DatabasePort extends LoginSafety {
  /** What the place is called where it is used: a side's role, or the playbook's own name of it. */
  readonly called: string
  readonly address: string
  readonly port: number
  readonly database: string
  readonly adminUser: string
  readonly appRoles: readonly string[]
  /** How the other side's server reaches this one. */
  readonly replicationAddress: string
  /** The host its server runs on; absent where none is known. */
  readonly host?: () => HostPort
  /** How long an outage of the other side is to be survived. */
  readonly outageToSurviveMs: number
  /** It stands beside the real one for a while: roles that merely could log in to it are none of its own. */
  readonly isBeside?: boolean
  /** It is one of a managed service: its administrator is no superuser. */
  readonly managed?: DatabasePlace['managed']
  /** A connection as administrator, to this database or another of the same server. The caller ends it. */
  connect(options?: ConnectOptions): Promise<pg.Client>
  /** Tries to log in as one of the application's own roles; resolves to the SQLSTATE of the refusal, undefined on success. */
  tryAppLogin(role: string, via?: LoginPlace): Promise<string | undefined>
  /** Admin password, for places that need it in a file or a connection string on the server side (subscriptions). */
  adminPassword(): Promise<string>
  appPassword(): Promise<string>
}

const connectTimeoutMs = 10_000

/** What a plan says of the place of a database beside how to log in. */
type PlaceOfDatabase = Partial<Pick<DatabasePort, 'host' | 'outageToSurviveMs'>>

/** A database of the plan, reached from the runner's own place. `secret` gives the values of the reference's secrets. */
export class PostgresDatabase implements DatabasePort {
  readonly address: string
  readonly port: number
  readonly database: string
  readonly adminUser: string
  readonly appRoles: readonly string[]
  readonly replicationAddress: string
  readonly host?: () => HostPort
  readonly outageToSurviveMs: number
  readonly managed: DatabasePlace['managed']
  readonly weakLogin: WeakLogin | undefined
  readonly tls: ServerTls | undefined

  constructor(
    readonly called: string,
    private readonly ref: DatabasePlace,
    private readonly secret: (name: string, use: SecretUse) => Promise<string>,
    { host, outageToSurviveMs = defaultOutageMs.production }: PlaceOfDatabase = {},
  ) {
    this.managed = ref.managed
    if (host !== undefined && ref.managed === undefined) this.host = host
    this.outageToSurviveMs = outageToSurviveMs
    this.address = ref.address
    this.port = ref.port
    this.database = ref.database
    this.adminUser = ref.adminUser
    this.appRoles = ref.appRoles
    this.replicationAddress = ref.replicationAddress ?? ref.address
    this.weakLogin = ref.weakLogin
    this.tls = ref.tls
  }

  async connect(options: ConnectOptions = {}): Promise<pg.Client> {
    const database = options.database ?? this.database
    const settings = [
      // Who may create functions in the application's database would else put theirs before those we mean (CVE-2018-1058). Temporary tables
      // and views come before all others where the path does not name them.
      ...(database === controlDatabase ? [] : ['search_path=pg_catalog,pg_temp']),
      ...(options.readWrite === true ? ['default_transaction_read_only=off'] : []),
      // A database may give its sessions a role of its own.
      'role=none',
    ]
    const client = safeClient(
      {
        host: this.address,
        port: this.port,
        database,
        user: this.adminUser,
        password: await this.adminPassword(),
        application_name: options.applicationName ?? 'qianyun',
        connectionTimeoutMillis: connectTimeoutMs,
        keepAlive: true,
        query_timeout: options.answersWithinMs,
        options: settings.map((setting) => `-c ${setting}`).join(' '),
      },
      this,
    )
    const connection = `${options.applicationName ?? 'qianyun'} to ${database}`
    const { answersWithinMs } = options
    await opened(client, { server: sideName(this), connection, answersWithinMs })
    try {
      await client.query(plainMeaning)
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
  }

  async tryAppLogin(user: string, via: LoginPlace = this): Promise<string | undefined> {
    return tryLogin(via, user, await this.appPassword())
  }

  async adminPassword(): Promise<string> {
    const { adminSecret } = this.ref
    // The other side's server sends it to the address it replicates from.
    if (this.replicationAddress !== this.address)
      await this.secret(adminSecret, this.use('database-admin', this.replicationAddress))
    return this.secret(adminSecret, this.use('database-admin', this.address))
  }

  async appPassword(): Promise<string> {
    return this.secret(this.ref.appSecret, this.use('database-application', this.address))
  }

  private use(purpose: SecretPurpose, address: string): SecretUse {
    return { purpose, address: addressOf({ address, port: this.port }) }
  }
}

/**
 * The same database for looks that nobody waits for for ever: a server that is frozen in the middle of one takes no more than this for each
 * question.
 */
export function answering(port: DatabasePort, answersWithinMs: number): DatabasePort {
  const connect: DatabasePort['connect'] = async (options) => port.connect({ answersWithinMs, ...options })
  return Object.create(port, { connect: { value: connect } }) as DatabasePort
}

export type LoginPlace = Pick<DatabasePort, 'address' | 'port' | 'database'> & LoginSafety

/** Logs in and out again. The SQLSTATE of the refusal; undefined when there was none. */
export async function tryLogin(
  { address, port, database, weakLogin, tls }: LoginPlace,
  user: string,
  password: string,
): Promise<string | undefined> {
  const client = safeClient(
    {
      host: address,
      port,
      database,
      user,
      password,
      application_name: 'qianyun-login-check',
      connectionTimeoutMillis: connectTimeoutMs,
    },
    { weakLogin, tls },
  )
  try {
    await opened(client, { server: `${address}:${String(port)}/${database}`, connection: `login of ${user}` })
    await client.end()
    return undefined
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== undefined) return error.code
    throw error
  }
}

/** Connects; failures name the server from then on. A server that goes away rejects the query under way; the event that says it again must not end the process. */
export async function opened(client: pg.Client, named?: Named): Promise<pg.Client> {
  client.on('error', () => undefined)
  try {
    await client.connect()
    return named === undefined ? client : naming(client, named)
  } catch (error) {
    await client.end().catch(() => undefined)
    if (named === undefined) throw error
    return fail(error, named)
  }
}
