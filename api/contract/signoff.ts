import { z } from 'zod'
import { wanted } from '../../domain/schema-problems.ts'
import { SaidValues } from './said.ts'
import type { Signoff } from '../../domain/move/signoff.ts'
import { Statement } from '../../domain/reason.ts'
import { Digest, KeyId, MigrationId, Note, Party, Reason, Signature } from './identifiers.ts'

export const SignoffSchema = z.object({
  party: Party,
  organisation: z.string(),
  account: z.string(),
  keyId: z.string(),
  algorithm: z.literal('ed25519'),
  digest: z.string(),
  reportVersion: z.int(),
  signature: z.string(),
  signedText: z.string(),
  atMs: z.number(),
}) satisfies z.ZodType<Signoff>

/** Who has to recognise the report in force, who has, and what the caller would sign. */
export const SignoffView = z.object({
  migration: MigrationId,
  system: z.string(),
  profile: z.enum(['production', 'lab']),
  report: z.object({ version: z.int(), digest: Digest, remark: z.string() }).exactOptional(),
  parties: z.array(
    z.object({ party: Party, organisation: z.string(), signoff: SignoffSchema.exactOptional() }),
  ),
  recognised: z.boolean(),
  /** For the caller: the exact text to sign, or why they may not. */
  mine: z
    .object({
      party: Party,
      text: z.string(),
      digest: Digest,
      refusal: z.object({ code: z.string(), values: SaidValues, message: z.string() }).exactOptional(),
    })
    .exactOptional(),
})
export type SignoffView = z.infer<typeof SignoffView>

export const SignReportBody = z.strictObject({
  /** Of the report, as `GET …/signoff` names it. */
  digest: Digest,
  keyId: KeyId,
  signature: Signature,
  signedText: z.string().min(1).max(10_000),
})

export const AmendReportBody = z.strictObject({ remark: Reason })

const Instant = z.iso.datetime({
  offset: true,
  error: wanted('time-with-zone'),
})

export const ScheduleCutoverBody = z.strictObject({ startsAt: Instant, endsAt: Instant })
export const DecideCutoverBody = z.strictObject({
  decision: z.enum(['go', 'no-go', 'abort']),
  reason: Note.default(''),
})
export const ReleaseBody = z.strictObject({
  statement: Statement,
  keyId: KeyId,
  signature: Signature,
  /** As `releaseText` builds it. */
  signedText: z.string().min(1).max(10_000),
})
