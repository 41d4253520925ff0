import { z } from 'zod'
import { wanted } from './schema-problems.ts'
import { AbsolutePath } from './absolute-path.ts'
import { Identifier, SecretName } from './identifier.ts'
import { Reason } from './reason.ts'

export const HostKeyFingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, wanted('key-fingerprint'))

export const Address = z.string().regex(/^(?!-)[A-Za-z0-9.:-]{1,253}$/, wanted('host-or-address'))

/** A host reached over SSH by key. `hostKey` is absent until it is pinned by a recorded approval. */
export const Host = z.strictObject({
  name: Identifier,
  address: Address,
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, wanted('name-of-user')),
  keySecret: SecretName,
  hostKey: HostKeyFingerprint.optional(),
  zone: Identifier.default('default'),
  /** Folder of runit service directories, for hosts without systemd. */
  serviceDir: AbsolutePath.optional(),
})
export type Host = z.infer<typeof Host>

/**
 * A host that other hosts are reached through (跳板机): SSH goes on from it to them, and it sees nothing of what is said. Its key
 * is part of the plan, because nothing behind it can be asked before it is trusted.
 */
export const JumpHost = z.strictObject({
  address: Address,
  port: Host.shape.port,
  user: Host.shape.user,
  keySecret: SecretName,
  hostKey: HostKeyFingerprint,
  /** The jump host that this one is reached through. */
  via: Identifier.exactOptional(),
})
export type JumpHost = z.infer<typeof JumpHost>

/** A role of a database server, or of a pooler. Quoted wherever it is used. */
export const RoleName = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,63}$/u, wanted('name-of-role'))

/** Quoted wherever it is used; what pgbouncer takes for the name of an entry as well. */
export const DatabaseName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/, wanted('name-of-database'))

/**
 * A login that does not prove the server: why it must be so. `password` sends the password itself, `md5` a hash that is as good;
 * `trust` asks for none; `few-iterations` is SCRAM that is quick to guess; `unbound` is SCRAM over TLS that something on the way may end.
 */
export const WeakLogin = z.strictObject({
  method: z.enum(['password', 'md5', 'trust', 'few-iterations', 'unbound']),
  reason: Reason,
})
export type WeakLogin = z.infer<typeof WeakLogin>

/** TLS to a server, its certificate checked: against this authority, in PEM, or those the runner's machine trusts. */
export const ServerTls = z.strictObject({
  ca: z.string().startsWith('-----BEGIN CERTIFICATE-----').max(20_000).exactOptional(),
  /** The name in the certificate, where it is not the address. */
  serverName: Address.exactOptional(),
})
export type ServerTls = z.infer<typeof ServerTls>

/** A managed service, by the major version of the instance. Before 16 nobody but a superuser subscribes. */
export const ManagedService = z.strictObject({ version: z.int().min(16, wanted('managed-version')) })

/** A PostgreSQL database the engine works on, with an administrator (a superuser, where it is not managed) and the application's own roles. */
export const DatabasePlace = z.strictObject({
  host: Identifier,
  address: Address,
  port: z.int().min(1).max(65_535).default(5432),
  database: DatabaseName,
  adminUser: RoleName,
  adminSecret: SecretName,
  /** Roles the application logs in with. They are fenced with NOLOGIN; every other role loses CONNECT. */
  appRoles: z.array(RoleName).min(1),
  appSecret: SecretName,
  /** How the other side's server reaches this one for replication, when it differs from address and port. */
  replicationAddress: Address.optional(),
  /** Only where the server cannot do SCRAM. */
  weakLogin: WeakLogin.exactOptional(),
  tls: ServerTls.exactOptional(),
  /**
   * A database of a managed service: its administrator is no superuser, and its server has no host to log in to. `host` then names a host of
   * that side which stands in the same network zone.
   */
  managed: ManagedService.exactOptional(),
})
export type DatabasePlace = z.infer<typeof DatabasePlace>
