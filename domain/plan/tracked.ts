import { z } from 'zod'
import { Identifier, LocalText } from '../identifier.ts'
import { attestations, reviewers } from '../playbook/attestation.ts'
import { Reason } from '../reason.ts'

/** Why nothing of a move is done by the engine. People do its steps with another tool or by hand, and attest them. */
const trackedShape = {
  /** What it is moved with: the vendor's tool, by hand. */
  tool: z.string().trim().min(1).max(200),
  /** Why it is not moved by Qianyun. */
  reason: Reason,
  /** Where the data is, and where it goes: for people. */
  old: z.string().trim().min(1).max(500),
  new: z.string().trim().min(1).max(500),
  /** What a rollback loses, or why it loses nothing; signed with the report. */
  rollbackLoses: Reason,
  disposition: z.enum(['relocate', 'rehost', 'replatform', 'refactor']),
}

/** As a plan is handed in. */
export const TrackedInput = z.strictObject(trackedShape)

/** The task of one step, as its playbook has it. */
export const TrackedStep = z.strictObject({
  step: Identifier,
  title: LocalText,
  role: z.enum(['coordinator', 'owner', 'provider', 'vendor', 'operations']),
  reviewer: z.enum(reviewers),
  wantsSignature: z.boolean(),
  attests: z.enum(attestations).exactOptional(),
})
export type TrackedStep = z.infer<typeof TrackedStep>

/** As it is frozen: with the tasks of its playbooks, by what each playbook is wanted for. */
export const Tracked = z.strictObject({ ...trackedShape, steps: z.record(z.string(), z.array(TrackedStep)) })
export type Tracked = z.infer<typeof Tracked>
