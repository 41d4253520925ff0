import { z } from 'zod'
import { Address, DatabaseName, ServerTls } from '../../domain/host.ts'
import { Identifier, SecretName } from '../../domain/identifier.ts'
import { wanted } from '../../domain/schema-problems.ts'
import type { FamilyDeclaration } from '../family.ts'
import { directMethod } from './method.ts'
import { mysqlCopy } from './steps/copy/params.ts'
import { mysqlDisarm } from './steps/disarm/params.ts'
import { mysqlOpenCopy } from './steps/open-copy/params.ts'
import { mysqlRehearse } from './steps/rehearse/params.ts'
import { mysqlReopen } from './steps/reopen/params.ts'
import { mysqlReplicate } from './steps/replicate/params.ts'
import { mysqlSwitchover } from './steps/switchover/params.ts'
import { mysqlVerify } from './steps/verify/params.ts'

/** The name of an account, without its host. Quoted wherever it is used. */
const AccountName = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,80}$/u, wanted('name-of-role'))

/** An address that no certificate is looked up by. */
function isNumber(address: string): boolean {
  return /^[0-9.]+$|:/.test(address)
}

/** A database of a MariaDB server that holds nothing else, with an administrator and the application's own accounts. */
export const MysqlPlace = z
  .strictObject({
    host: Identifier,
    address: Address,
    port: z.int().min(1).max(65_535).default(3306),
    database: DatabaseName,
    /** Reads and writes everything, and manages accounts, channels and settings. It is none of the application's. */
    adminUser: AccountName,
    adminSecret: SecretName,
    /** Accounts the application logs in with: a fence is proven by trying each. Every other one is locked as well. */
    appUsers: z.array(AccountName).min(1).max(50),
    appSecret: SecretName,
    /** How the other side's server reaches this one for replication, when it differs from the address. */
    replicationAddress: Address.optional(),
    tls: ServerTls.exactOptional(),
  })
  .refine(({ adminUser, appUsers }) => !appUsers.includes(adminUser), {
    path: ['appUsers'],
    message: wanted('not-the-administrator'),
  })
  .refine(({ address, tls }) => tls === undefined || tls.serverName !== undefined || !isNumber(address), {
    path: ['tls', 'serverName'],
    message: wanted('name-in-certificate'),
  })
export type MysqlPlace = z.infer<typeof MysqlPlace>

/** Databases of a MariaDB server, reached by its administrator. */
export const mysql: FamilyDeclaration<MysqlPlace> = {
  name: 'mysql',
  title: { zh: 'MariaDB 数据库', en: 'MariaDB' },
  place: MysqlPlace,
  endpoints: ['none'],
  steps: [
    { ...mysqlCopy, load: () => import('./steps/copy/index.ts') },
    { ...mysqlDisarm, load: () => import('./steps/disarm/index.ts') },
    { ...mysqlOpenCopy, load: () => import('./steps/open-copy/index.ts') },
    { ...mysqlRehearse, load: () => import('./steps/rehearse/index.ts') },
    { ...mysqlReopen, load: () => import('./steps/reopen/index.ts') },
    { ...mysqlReplicate, load: () => import('./steps/replicate/index.ts') },
    { ...mysqlSwitchover, load: () => import('./steps/switchover/index.ts') },
    { ...mysqlVerify, load: () => import('./steps/verify/index.ts') },
  ],
  method: directMethod,
  program: /^(\S*\/)?mariadbd(\s|$)/,
  samePlace: (one, other) => one.address === other.address && one.port === other.port,
}
