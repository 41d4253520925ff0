import { z } from 'zod'
import { wanted } from '../schema-problems.ts'
import { ConfigFile, OwnFolder } from '../absolute-path.ts'
import { HttpPath, HttpUrl } from '../http-address.ts'
import { ServiceName } from '../service-name.ts'
import { Host, JumpHost } from '../host.ts'
import { hostRoles } from '../host-role.ts'
import { Identifier, SecretName } from '../identifier.ts'
import { Reason } from '../reason.ts'
import { Endpoint } from './endpoint.ts'
import { FrozenPlaybooks, planHead, PlaybookNames } from './plan-head.ts'
import { MigrationPlanV1, PlanInputV1 } from './plan-v1.ts'
import { Tracked, TrackedInput } from './tracked.ts'
import { WriteProbe } from './write-probe.ts'

const PlanHost = Host.omit({ name: true }).extend({
  role: z.enum(hostRoles),
  /** What people call it, where that is not its name in the plan. */
  label: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, wanted('one-line-text'))
    .exactOptional(),
  /** The jump host that it is reached through. */
  via: Identifier.exactOptional(),
  /** The login user's password for sudo, where it asks for one. */
  sudoSecret: SecretName.exactOptional(),
})
export type PlanHost = z.infer<typeof PlanHost>

/** Where a dataset lies on one side: on a host of the plan; the rest is its family's own. */
const Place = z.looseObject({ host: Identifier })
export type Place = z.infer<typeof Place>

/** What a system keeps and must not lose: a database, a file tree. */
const Dataset = z.strictObject({ family: Identifier, source: Place, staging: Place, target: Place })
export type Dataset = z.infer<typeof Dataset>

/** Where an application answers on one host, its code and its service. */
const Site = z.strictObject({
  host: Identifier,
  url: HttpUrl,
  directory: OwnFolder,
  configFile: ConfigFile,
  service: ServiceName,
})
export type Site = z.infer<typeof Site>

const Sites = z.array(Site).min(1).max(100)

const Application = z.strictObject({
  healthPath: HttpPath,
  /** In production at least one application has one. */
  writeProbe: WriteProbe.exactOptional(),
  sites: z.strictObject({ source: Sites, staging: Sites, target: Sites }),
})
export type Application = z.infer<typeof Application>

/** An object's name, or every object of a schema: `archive.*`. */
const pattern = z.string().min(1).max(300)

/** Lets findings pass: which rule's, for which objects, and why. Rule `*` is what a plan of version 1 meant. */
const Waiver = z.strictObject({
  rule: z.union([Identifier, z.literal('*')]),
  pattern,
  reason: Reason,
})

const WaiverInput = Waiver.extend({ rule: Identifier })

const planShape = {
  ...planHead,
  version: z.literal(2),
  /** By name. A host has one role; several may share it. */
  hosts: z.record(Identifier, PlanHost),
  /** By name. */
  jumpHosts: z.record(Identifier, JumpHost).exactOptional(),
  datasets: z.record(Identifier, Dataset),
  applications: z.record(Identifier, Application),
  endpoints: z.record(Identifier, Endpoint),
}

/** A plan as everything inside sees it: version 2, its playbooks by digest. One of version 1 is read as this by `upgradePlan`. */
export const MigrationPlan = z.strictObject({
  ...planShape,
  /** What the ledger said of the system as the plan was frozen; whoever hands a plan in does not say it. */
  ledger: z.strictObject({ acceptableDowntimeHours: z.number().min(0) }).exactOptional(),
  playbooks: FrozenPlaybooks,
  tracked: Tracked.exactOptional(),
  waivers: z.array(Waiver).max(1000),
})
export type MigrationPlan = z.infer<typeof MigrationPlan>

/** A plan as it is written today. */
export const PlanInputV2 = z.strictObject({
  ...planShape,
  playbooks: PlaybookNames,
  /** People do the whole move with another tool or by hand, and attest each step. */
  tracked: TrackedInput.exactOptional(),
  waivers: z.array(WaiverInput).max(1000).default([]),
})
export type PlanInputV2 = z.infer<typeof PlanInputV2>

/** Everything one move needs, as the coordination team hands it in (YAML or JSON), in either version. Frozen at launch. */
export const PlanInput = z.discriminatedUnion('version', [PlanInputV2, PlanInputV1], {
  error: ({ input }) =>
    typeof input === 'object' && input !== null && !Array.isArray(input) ? wanted('plan-version') : undefined,
})
export type PlanInput = z.infer<typeof PlanInput>

/** A plan as it is stored, frozen by digest and launched: in the version it was handed in. */
export const GivenPlan = z.discriminatedUnion('version', [MigrationPlan, MigrationPlanV1])
export type GivenPlan = z.infer<typeof GivenPlan>
