import { z } from 'zod'
import { ConfigFile } from '../absolute-path.ts'
import { Address, DatabaseName, RoleName, WeakLogin } from '../host.ts'
import { HttpUrl } from '../http-address.ts'
import { wanted } from '../schema-problems.ts'
import { ServiceName } from '../service-name.ts'
import { Identifier, SecretName } from '../identifier.ts'

/** pgbouncer in front of a database: a file of its own with the database lines, replaced whole and reloaded. */
export const pgbouncerShape = {
  address: Address,
  port: z.int().min(1).max(65_535),
  adminUser: RoleName,
  adminSecret: SecretName,
  databasesFile: ConfigFile,
  entryName: DatabaseName,
  /** Only where the pooler cannot do SCRAM. */
  weakLogin: WeakLogin.exactOptional(),
}

const proxyName = /^[A-Za-z0-9_.:-]{1,200}$/
/** A backend of haproxy, or an upstream of nginx. */
export const BackendName = z.string().regex(proxyName, wanted('name-of-backend'))
/** A server line of a backend. */
export const ServerLine = z.string().regex(proxyName, wanted('name-of-server-line'))

/** A reverse proxy in front of an application, without the server lines it has for it. */
export const httpShape = {
  url: HttpUrl,
  proxy: z.enum(['haproxy', 'nginx']).default('haproxy'),
  configFile: ConfigFile,
  service: ServiceName,
  backend: BackendName,
}

/** What stands behind it: a dataset for a database's entry, an application for a proxy. */
const fronts = Identifier

const place = {
  fronts,
  /** The host it lies on. */
  host: Identifier,
}

/** What users and applications reach, and where it is switched from one side to the other. */
export const Endpoint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pgbouncer'), ...place, ...pgbouncerShape }),
  /** Nothing: clients connect to the database server itself, and each application to that of its own side. */
  z.strictObject({
    kind: z.literal('none'),
    fronts,
    /** Further addresses from which hosts of the plan's applications come to the database, as its server sees them. */
    clients: z.array(Address).max(200).default([]),
  }),
  z.strictObject({
    kind: z.literal('http'),
    ...place,
    ...httpShape,
    /** The server lines of the backend that are switched, all in one reload; as many as a side has sites, or more. */
    servers: z.array(ServerLine).min(1).max(200),
  }),
])
export type Endpoint = z.infer<typeof Endpoint>
export type EndpointKind = Endpoint['kind']
export type EndpointOf<K extends EndpointKind> = Extract<Endpoint, { kind: K }>

/** The ways clients take to a database; a plan has one of them. */
export const databaseEndpointKinds = ['pgbouncer', 'none'] as const satisfies readonly EndpointKind[]
