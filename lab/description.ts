import { z } from 'zod'

export const hostNames = ['old', 'staging', 'cloud', 'entry'] as const
export const databaseSides = ['old', 'staging', 'cloud'] as const

export type HostName = (typeof hostNames)[number]
/** A host with a PostgreSQL of its own. */
export type DatabaseSide = (typeof databaseSides)[number]

const port = z.number().int().min(1).max(65_535)

const host = z.strictObject({
  address: z.string(),
  sshPort: port,
  user: z.string(),
  /** As ssh-keygen prints it. */
  hostKeyFingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  /** The host's own folder; everything on this host lies below it. */
  home: z.string(),
  /** Folder of runit services: `sv status <serviceDir>/<name>`. */
  serviceDir: z.string(),
  logDir: z.string(),
})

const database = z.strictObject({
  host: z.enum(databaseSides),
  address: z.string(),
  port,
  database: z.string(),
  adminUser: z.string(),
  /** Name of the file in <home>/secrets, as are all `…Secret`. */
  adminSecret: z.string(),
  appUser: z.string(),
  appSecret: z.string(),
  /** As the server says, `15.20`. */
  version: z.string(),
  /** Folder of the server's programs, and of the client tools that are always there. */
  serverBinDir: z.string(),
  clientBinDir: z.string(),
})

const entry = z.strictObject({
  host: z.literal('entry'),
  httpUrl: z.string(),
  haproxy: z.strictObject({
    configPath: z.string(),
    /** Run on the entry host after the configuration was replaced. */
    reloadCommand: z.string(),
    /** Ends with failure when the configuration is wrong. */
    checkCommand: z.string(),
    backend: z.string(),
    server: z.string(),
    /** The line to replace: `server <server> <address>:<port> <serverOptions>`. */
    serverOptions: z.string(),
  }),
  pgbouncer: z.strictObject({
    address: z.string(),
    port,
    /** The name that applications connect to. */
    database: z.string(),
    adminUser: z.string(),
    adminSecret: z.string(),
    iniPath: z.string(),
    /** Holds `[databases]` alone; replace it by rename, then RELOAD. */
    databasesIniPath: z.string(),
  }),
})

const permitDesk = z.strictObject({
  host: z.literal('old'),
  codeDir: z.string(),
  configFile: z.string(),
  passwordFile: z.string(),
  uploadDir: z.string(),
  logFile: z.string(),
  port,
  service: z.string(),
  crontab: z.string(),
  cronJob: z.string(),
})

/** The same five ports on every address of the lab. */
export const labPortsSchema = z.strictObject({
  ssh: port,
  postgres: port,
  pgbouncer: port,
  http: port,
  app: port,
})

/** What <home>/lab/lab.json holds: where the lab's parts are. It holds no secret, only the names of secret files. */
export const labDescriptionSchema = z.strictObject({
  provider: z.literal('loopback'),
  home: z.string(),
  ports: labPortsSchema,
  /** Name of the secret that is the OpenSSH private key every host accepts. */
  sshKeySecret: z.string(),
  hosts: z.strictObject({ old: host, staging: host, cloud: host, entry: host }),
  databases: z.strictObject({ old: database, staging: database, cloud: database }),
  entry,
  permitDesk,
})

export type LabDescription = z.infer<typeof labDescriptionSchema>
export type LabDatabase = LabDescription['databases'][DatabaseSide]
export type LabPorts = LabDescription['ports']
