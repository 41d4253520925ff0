import { z } from 'zod'
import type { Finding } from '../../domain/assessment/finding.ts'
import { Digest } from './identifiers.ts'
import { Said, SaidValues } from './said.ts'

const Severity = z.enum(['critical', 'warning', 'information'])
export const LocalText = z.object({ zh: z.string(), en: z.string() })

/** What is stored under the digest of an assessment's findings. */
export const Findings = z.array(
  z.object({
    code: z.string(),
    /** The places of its sentence in the catalogue; absent in findings stored before they had them. */
    values: SaidValues.exactOptional(),
    severity: Severity,
    dataset: z.string().exactOptional(),
    subject: z.string(),
    message: LocalText,
    /** The catalogue's word for what to do about it, where it has one. */
    remedy: Said.exactOptional(),
    action: LocalText,
    waiverName: z.string().exactOptional(),
    waiver: z.string().exactOptional(),
  }),
) satisfies z.ZodType<Finding[]>
export type Findings = z.infer<typeof Findings>

export const Assessment = z.object({
  /** By code; one by one they are the facts under `findingsDigest`. */
  findings: z.array(z.object({ code: z.string(), severity: Severity, places: z.int(), waived: z.int() })),
  findingsDigest: Digest,
  readinessScore: z.number(),
  disposition: z.enum(['relocate', 'rehost', 'replatform', 'refactor']),
  dispositionReason: LocalText,
  factsDigest: z.string(),
  /** Waivers that cover by a pattern, with how many objects each covered. */
  waivers: z.array(z.object({ rule: z.string(), pattern: z.string(), covered: z.int() })).exactOptional(),
})
