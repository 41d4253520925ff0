import { z } from 'zod'
import { DatabaseName, WeakLogin } from '../host.ts'
import { Identifier, SecretName } from '../identifier.ts'

/** pgbouncer in front of a database: a file of its own with the database lines, replaced whole and reloaded. */
export const pgbouncerShape = {
  address: z.string(),
  port: z.int(),
  adminUser: z.string(),
  adminSecret: SecretName,
  databasesFile: z.string().startsWith('/'),
  entryName: DatabaseName,
  /** Only where the pooler cannot do SCRAM. */
  weakLogin: WeakLogin.exactOptional(),
}

/** A reverse proxy in front of an application, without the server lines it has for it. */
export const httpShape = {
  url: z.url(),
  proxy: z.enum(['haproxy', 'nginx']).default('haproxy'),
  configFile: z.string().startsWith('/'),
  service: z.string().min(1),
  backend: z.string().min(1),
}

const place = {
  /** What stands behind it: a dataset for a database's entry, an application for a proxy. */
  fronts: Identifier,
  /** The host it lies on. */
  host: Identifier,
}

/** What users and applications reach, and where it is switched from one side to the other. */
export const Endpoint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pgbouncer'), ...place, ...pgbouncerShape }),
  z.strictObject({
    kind: z.literal('http'),
    ...place,
    ...httpShape,
    /** The server lines of the backend that are switched, all in one reload; as many as a side has sites, or more. */
    servers: z.array(z.string().min(1)).min(1).max(200),
  }),
])
export type Endpoint = z.infer<typeof Endpoint>
export type EndpointKind = Endpoint['kind']
export type EndpointOf<K extends EndpointKind> = Extract<Endpoint, { kind: K }>
