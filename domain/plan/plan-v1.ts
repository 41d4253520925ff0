import { z } from 'zod'
import { ConfigFile, OwnFolder } from '../absolute-path.ts'
import { HttpPath, HttpUrl } from '../http-address.ts'
import { ServiceName } from '../service-name.ts'
import { DatabasePlace, Host } from '../host.ts'
import { hostRoles } from '../host-role.ts'
import { Reason } from '../reason.ts'
import { httpShape, pgbouncerShape, ServerLine } from './endpoint.ts'
import { FrozenPlaybooks, planHead, PlaybookNames } from './plan-head.ts'
import { WriteProbe } from './write-probe.ts'

/** Where the application answers on one host, its code, its uploads and its service. */
const ApplicationSite = z.strictObject({
  url: HttpUrl,
  directory: OwnFolder,
  configFile: ConfigFile,
  filesDirectory: OwnFolder.optional(),
  service: ServiceName,
})

const Database = DatabasePlace.extend({ host: z.enum(hostRoles) })

/** The first version: one application, one database, one host for each role. Read, and given in, as it always was. */
export const PlanInputV1 = z.strictObject({
  ...planHead,
  version: z.literal(1).exactOptional(),
  hosts: z.strictObject({ source: Host, staging: Host, target: Host, entry: Host }),
  databases: z.strictObject({ source: Database, staging: Database, target: Database }),
  endpoints: z.strictObject({
    database: z.strictObject(pgbouncerShape),
    http: z.strictObject({ ...httpShape, server: ServerLine }),
  }),
  application: z.strictObject({
    healthPath: HttpPath,
    /** Wanted in production. */
    writeProbe: WriteProbe.exactOptional(),
    sites: z.strictObject({ source: ApplicationSite, staging: ApplicationSite, target: ApplicationSite }),
  }),
  playbooks: PlaybookNames,
  /** Waivers for findings of the database census: object name → reason. */
  waivers: z.record(z.string(), Reason).default({}),
})
export type PlanInputV1 = z.infer<typeof PlanInputV1>

export const MigrationPlanV1 = PlanInputV1.extend({ playbooks: FrozenPlaybooks })
export type MigrationPlanV1 = z.infer<typeof MigrationPlanV1>
