import type { ServerTls } from '../../domain/host.ts'
import { defaultOutageMs } from '../../domain/plan/policy.ts'
import { addressOf, type SecretPurpose, type SecretUse } from '../../domain/secret-use.ts'
import type { MysqlPlace } from './declaration.ts'
import { Session, type SessionOptions } from './server/session.ts'

/** One side of a dataset: a database of a server, reached as its administrator from the runner's own place. */
export class MysqlSide {
  readonly address: string
  readonly port: number
  readonly database: string
  readonly adminUser: string
  readonly appUsers: readonly string[]
  readonly replicationAddress: string
  readonly tls: ServerTls | undefined

  constructor(
    /** The name of the side for people. */
    readonly called: string,
    private readonly place: MysqlPlace,
    private readonly secret: (name: string, use: SecretUse) => Promise<string>,
    /** How long an outage of the other side is to be survived. */
    readonly outageToSurviveMs: number = defaultOutageMs.production,
  ) {
    this.address = place.address
    this.port = place.port
    this.database = place.database
    this.adminUser = place.adminUser
    this.appUsers = place.appUsers
    this.replicationAddress = place.replicationAddress ?? place.address
    this.tls = place.tls
  }

  /** The side as a sentence names it. */
  get name(): string {
    return `"${this.called}" (${this.address}:${String(this.port)}/${this.database})`
  }

  /** A connection as administrator; the caller ends it. @throws MysqlUnreachableError */
  async connect(options: SessionOptions = {}): Promise<Session> {
    const password = await this.secret(this.place.adminSecret, this.use('database-admin'))
    return Session.open(this, { ...options, user: this.adminUser, password })
  }

  /** Tries to log in as an account of the application. The server's number of the refusal; undefined when there was none. */
  async tryAppLogin(user: string): Promise<number | undefined> {
    const password = await this.secret(this.place.appSecret, this.use('database-application'))
    return Session.tryLogin(this, user, password)
  }

  async appPassword(): Promise<string> {
    return this.secret(this.place.appSecret, this.use('database-application'))
  }

  private use(purpose: SecretPurpose): SecretUse {
    return { purpose, address: addressOf({ address: this.address, port: this.port }) }
  }
}

/** Does something with a connection as administrator. */
export async function withSession<T>(
  side: MysqlSide,
  work: (session: Session) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  const session = await side.connect(options)
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}
