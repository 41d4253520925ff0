import type pg from 'pg'
import { type ConnectOptions, type DatabasePort, type LoginPlace, tryLogin } from '../database.ts'
import { fittingName } from '../short-name.ts'

/** A database beside the real one, on the same server, with a role of its own: the real role is never fenced for it. */
export class RehearsalDatabase implements DatabasePort {
  readonly called: string
  readonly address: string
  readonly port: number
  readonly database: string
  readonly adminUser: string
  readonly appRoles: readonly string[]
  readonly replicationAddress: string
  readonly outageToSurviveMs: number
  readonly host?: NonNullable<DatabasePort['host']>
  readonly weakLogin: DatabasePort['weakLogin']
  readonly tls: DatabasePort['tls']
  readonly isBeside = true
  readonly managed: DatabasePort['managed']

  constructor(
    private readonly real: DatabasePort,
    private readonly password: string,
  ) {
    this.called = real.called
    this.address = real.address
    this.port = real.port
    this.database = rehearsalName(real.database)
    this.adminUser = real.adminUser
    this.appRoles = [this.database]
    this.replicationAddress = real.replicationAddress
    this.weakLogin = real.weakLogin
    this.tls = real.tls
    this.outageToSurviveMs = real.outageToSurviveMs
    this.managed = real.managed
    if (real.host !== undefined) this.host = real.host
  }

  async connect(options: ConnectOptions = {}): Promise<pg.Client> {
    return this.real.connect({ ...options, database: options.database ?? this.database })
  }

  async tryAppLogin(user: string, via: LoginPlace = this): Promise<string | undefined> {
    return tryLogin(via, user, this.password)
  }

  async adminPassword(): Promise<string> {
    return this.real.adminPassword()
  }

  async appPassword(): Promise<string> {
    return this.password
  }
}

/** Name of the rehearsal's database and of its role: at most 63 bytes. */
export function rehearsalName(database: string): string {
  return `${fittingName(database, 52)}_rehearsal`
}
