import { z } from 'zod'
import { wanted } from '../schema-problems.ts'
import { type InputProblem, InvalidInputError, problemAt } from '../errors.ts'
import { said } from '../words/said.ts'
import { parties } from '../organisation.ts'
import { isTimeZone } from '../wall-clock.js'
import { BandwidthHours } from './bandwidth.ts'

/** A length of time in a policy: calendar units for production, seconds for a lab. */
const Span = z.union([
  z.strictObject({ months: z.int().min(1).max(120) }),
  z.strictObject({ days: z.int().min(1).max(3650) }),
  z.strictObject({ seconds: z.int().min(1).max(10_000_000) }),
])
export type Span = z.infer<typeof Span>

/** Limits the rehearsal and the trial run are held to. No notice gives these numbers: they are the programme's own. */
const Gates = z.strictObject({
  /** Share of failed requests allowed at the offered rate, 0–1. */
  maxFailedShare: z.number().min(0).max(1).default(0.001),
  /** p95 of the new side over p95 of the old side. */
  maxP95Ratio: z.number().positive().default(1.25),
  /** A new side faster than this passes whatever the ratio says, milliseconds. */
  p95FloorMs: z.number().min(0).default(50),
  /** Longest stretch without an acknowledged write in the rehearsed switches, milliseconds. */
  maxWriteGapMs: z.number().positive().default(5_000),
  /** Share of good probes in the trial run, 0–1. */
  minAvailability: z.number().min(0).max(1).default(0.995),
  /** Share of the trial run in which probes were made at all, 0–1: what nobody watched proves nothing. */
  minObservedShare: z.number().min(0).max(1).default(0.95),
})

/** What a programme demands of every move. Frozen into the plan at launch; `profile: lab` marks every report and view. */
export const Policy = z.strictObject({
  profile: z.enum(['production', 'lab']),
  timeZone: z.string().default('Asia/Shanghai').refine(isTimeZone, wanted('time-zone-name')),
  /** How long the old data and the way back are kept after cutover. At least three calendar months (格尔木 2018 §7). */
  retention: Span.default({ months: 3 }),
  trialRun: Span.default({ days: 30 }),
  /** Who must recognise the same report. Owner and provider always. */
  parties: z.array(z.enum(parties)).default(['owner', 'provider']),
  /** The highest 等保 (MLPS) level that may move. The cloud carries level 3 and below (上海 2019 §3(三)6). */
  maxMlpsLevel: z.int().min(0).max(3).default(3),
  /** No cutover window is longer: a mistyped end would leave nobody to decide, and the automatic abort years away. */
  longestWindowHours: z.int().min(1).max(168).default(72),
  gates: Gates.prefault({}),
  /** Where a rolled-back move starts anew. */
  afterRollback: z.enum(['rehearsal', 'trial-run']).default('trial-run'),
  /** How long an outage of either side replication lives through: so long the other side's disk has to hold its log. */
  outageToSurviveHours: z.number().positive().max(8_760).exactOptional(),
  /** What copies may take of the network, by the hours of a day in `timeZone`; a switch itself is never held back. */
  bandwidth: BandwidthHours.exactOptional(),
  probeIntervalMs: z.int().min(100).max(3_600_000).default(10_000),
  loadTest: z
    .strictObject({
      ratePerSecond: z.number().positive().max(10_000),
      seconds: z.int().min(1).max(86_400),
    })
    .prefault({ ratePerSecond: 50, seconds: 60 }),
})
export type Policy = z.infer<typeof Policy>

/** What holds where a policy says nothing: half a working day, and a minute of a lab. */
export const defaultOutageMs = { production: 4 * 3_600_000, lab: 60_000 } as const

/** How long an outage of one side is to be survived by the other. */
export function outageToSurviveMs({ profile, outageToSurviveHours: hours }: Policy): number {
  return hours === undefined ? defaultOutageMs[profile] : hours * 3_600_000
}

/** Thrown when a production policy asks for less than the rules allow. Names every floor it goes under. */
export class PolicyUnderFloorError extends InvalidInputError {
  override name = 'PolicyUnderFloorError'
}

/**
 * Refuses what the rules refuse, all reasons together.
 * @throws PolicyUnderFloorError
 */
export function assertPolicyFloors(policy: Policy): void {
  const problems: InputProblem[] = []
  for (const always of ['owner', 'provider'] as const) {
    if (!policy.parties.includes(always)) {
      problems.push(problemAt('parties', said('policy-party-missing', { party: always })))
    }
  }
  if (new Set(policy.parties).size !== policy.parties.length) {
    problems.push(problemAt('parties', said('policy-party-repeated')))
  }
  if (policy.profile === 'production') {
    if (!('months' in policy.retention) || policy.retention.months < 3) {
      problems.push(
        problemAt(
          'retention',
          said('policy-retention-short', { found: JSON.stringify(policy.retention), least: '{"months":3}' }),
        ),
      )
    }
    if ('seconds' in policy.trialRun) {
      problems.push(
        problemAt(
          'trialRun',
          said('policy-trial-run-short', { seconds: policy.trialRun.seconds, least: '{"days":1}' }),
        ),
      )
    }
  }
  if (problems.length > 0) throw new PolicyUnderFloorError('The policy', problems)
}
