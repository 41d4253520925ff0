import { z } from 'zod'
import { hostRoles } from '../../domain/host.ts'
import { Identifier } from '../../domain/identifier.ts'
import { FileDigests } from '../../domain/playbook-files.ts'
import { Digest } from './identifiers.ts'

export const PlaybookParams = z.strictObject({ name: Identifier })
export const PlaybookList = z.object({
  playbooks: z.array(z.object({ name: z.string(), digest: Digest, sizeBytes: z.int() })),
})
export const PlaybookSchema = z.record(z.string(), z.unknown())

/** The text of `playbook.yaml`, and the SHA-256 of each file beside it. */
export const LintBody = z.strictObject({
  text: z.string().max(1_000_000),
  files: FileDigests.default({}),
})
/** `digest` is what a plan made of these files would freeze. */
export const LintAnswer = z.object({
  digest: Digest,
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
})

/** On which plan's hosts, with which names bound, with which inputs. */
export const OccasionBody = z.strictObject({
  plan: Identifier,
  hosts: z.record(Identifier, z.enum(hostRoles)).default({}),
  databases: z.record(Identifier, z.enum(['source', 'staging', 'target'])).default({}),
  inputs: z.record(Identifier, z.union([z.string(), z.number(), z.boolean()])).default({}),
})

export const PlannedStep = z.object({
  step: z.string(),
  kind: z.string(),
  host: z.string().exactOptional(),
  outcome: z.enum(['would-change', 'already-so', 'left-out', 'unknown-until-run']),
  commands: z.array(z.object({ title: z.string(), text: z.string(), on: z.string() })),
})
export const PlanPlaybookAnswer = z.object({ digest: Digest, steps: z.array(PlannedStep) })
export const RunPlaybookAnswer = z.object({
  runId: z.string(),
  results: z.record(z.string(), z.unknown()),
})
