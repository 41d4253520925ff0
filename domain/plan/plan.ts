import { z } from 'zod'
import { DatabaseRef, Host } from '../host.ts'
import { Identifier, SecretName } from '../identifier.ts'
import { PlaybookRef } from '../playbook/files.ts'
import { Policy } from './policy.ts'
import { Reason } from '../reason.ts'

/** What a playbook is wanted for in a move. */
export const playbookPurposes = [
  'deploy',
  'copy',
  'rehearse',
  'replicate',
  'cutover',
  'afterCutover',
  'rollback',
  'close',
] as const
export type PlaybookPurpose = (typeof playbookPurposes)[number]

/** pgbouncer in front of the database: a file of its own with the database lines, replaced whole and reloaded. */
const DatabaseEndpoint = z.strictObject({
  address: z.string(),
  port: z.int(),
  adminUser: z.string(),
  adminSecret: SecretName,
  databasesFile: z.string().startsWith('/'),
  entryName: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/),
})

/** A reverse proxy in front of the application. */
const HttpEndpoint = z.strictObject({
  url: z.url(),
  proxy: z.enum(['haproxy', 'nginx']).default('haproxy'),
  configFile: z.string().startsWith('/'),
  service: z.string().min(1),
  backend: z.string().min(1),
  server: z.string().min(1),
})

/** Where the application answers on one host, its code, its uploads and its service. */
const ApplicationSite = z.strictObject({
  url: z.url(),
  directory: z.string().startsWith('/'),
  configFile: z.string().startsWith('/'),
  filesDirectory: z.string().startsWith('/').optional(),
  service: z.string().min(1),
})
export type ApplicationSite = z.infer<typeof ApplicationSite>

/** One write through the public address that is read back there: what proves a side that has just begun to serve. */
const WriteProbe = z.strictObject({
  path: z.string().startsWith('/'),
  /** Sent as JSON. `{unique}` becomes a text no other write has. */
  body: z.string().includes('{unique}'),
  /** Where the write is read back: `{unique}`, or `{name}` of a field of the JSON that answered the write. */
  readPath: z
    .string()
    .startsWith('/')
    .regex(/\{[A-Za-z][A-Za-z0-9_]*\}/, 'must name what was written, as {unique} does'),
  /** What the read-back contains; the unique text when absent. */
  contains: z.string().min(1).exactOptional(),
})
export type WriteProbe = z.infer<typeof WriteProbe>

const hostsShape = { source: Host, staging: Host, target: Host, entry: Host }
const sidesShape = { source: ApplicationSite, staging: ApplicationSite, target: ApplicationSite }

/** Everything one move needs, as the coordination team hands it in (YAML or JSON). Frozen at launch. */
export const PlanInput = z.strictObject({
  plan: Identifier,
  system: Identifier,
  hosts: z.strictObject(hostsShape),
  databases: z.strictObject({ source: DatabaseRef, staging: DatabaseRef, target: DatabaseRef }),
  endpoints: z.strictObject({ database: DatabaseEndpoint, http: HttpEndpoint }),
  application: z.strictObject({
    healthPath: z.string().startsWith('/'),
    /** Wanted in production. */
    writeProbe: WriteProbe.exactOptional(),
    sites: z.strictObject(sidesShape),
  }),
  playbooks: z.strictObject({
    deploy: Identifier,
    copy: Identifier,
    rehearse: Identifier,
    replicate: Identifier,
    cutover: Identifier,
    /** What can wait until the public write probe has proven the new side. */
    afterCutover: Identifier.exactOptional(),
    rollback: Identifier,
    close: Identifier,
  }),
  organisations: z.strictObject({
    owner: Identifier,
    provider: Identifier,
    vendor: Identifier,
    coordinator: Identifier,
    operations: Identifier,
  }),
  policy: Policy,
  /** Waivers for findings of the database census: object name → reason. */
  waivers: z.record(z.string(), Reason).default({}),
  inputs: z.record(Identifier, z.union([z.string(), z.number(), z.boolean()])).default({}),
})
export type PlanInput = z.infer<typeof PlanInput>

/** A plan as stored: its playbooks by digest, its maker and its own digest. */
export const MigrationPlan = PlanInput.omit({ playbooks: true }).extend({
  playbooks: z.strictObject({
    deploy: PlaybookRef,
    copy: PlaybookRef,
    rehearse: PlaybookRef,
    replicate: PlaybookRef,
    cutover: PlaybookRef,
    afterCutover: PlaybookRef.exactOptional(),
    rollback: PlaybookRef,
    close: PlaybookRef,
  }),
})
export type MigrationPlan = z.infer<typeof MigrationPlan>
