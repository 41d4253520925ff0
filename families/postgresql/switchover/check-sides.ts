import type { LocalText } from '../../../domain/identifier.ts'
import { assertFit, findingsBeforeSwitch } from '../census/findings.ts'
import { readState } from '../server/control.ts'
import { assertAlike } from '../differences/alike.ts'
import { type Fingerprints, fingerprintsOf } from '../differences/carry.ts'
import { SidesChangedError } from '../differences/errors.ts'
import { changedParts } from '../differences/fingerprint.ts'
import { isFrozen, recordedDdl, schemaChangesOf } from '../replication/ddl-freeze.ts'
import { sideName } from '../side-name.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'

/** The state of both sides at the last comparison, which shows a later change before any client waits. */
export interface SidesSeen {
  /** The number of schema changes on record on the side `from`. */
  readonly schemaChanges: number
  readonly fingerprints: Fingerprints
  /** Whether a change on the side `from` would be counted. Where it would not, its catalogs are looked at behind the fence. */
  readonly isCounted: boolean
  /** Whether the side `to` is the old one: the way back is refused for less. */
  readonly goesBack: boolean
  /** What would refuse another switch, and does not refuse the way back. */
  readonly told: readonly LocalText[]
}

/**
 * Copies what is not replicated, then compares both sides in full.
 * @throws SidesDifferError, CensusRefusedError
 */
export async function checkSides(plan: SwitchPlan, { from, to }: Parts): Promise<SidesSeen> {
  // Counted before the comparison, so that the gap notices a change in between.
  const schemaChanges = await schemaChangesOf(from.app)
  const fingerprints = await assertAlike({ from, to, given: plan, moment: 'precheck', say: plan.say })
  const { waivers, wasWaived, entry } = plan
  // The old side was opened in even generations.
  const goesBack = (await readState(from.control, plan.from)).generation % 2 === 1
  const { findings, told } = await findingsBeforeSwitch(from, to, {
    waivers,
    wasWaived,
    entry: entry.toLookAt(),
    goesBack,
  })
  for (const { message } of told) plan.say(`not refused on the way back: ${message.en}`)
  assertFit(findings, { goesBack })
  const isCounted = await isFrozen(from.app)
  return { schemaChanges, fingerprints, isCounted, goesBack, told: told.map(({ message }) => message) }
}

/**
 * The last look before clients wait, which takes a few milliseconds. Returns undefined if neither side has changed since the
 * comparison; otherwise compares both sides again.
 * @throws SidesDifferError, CensusRefusedError; SidesChangedError if the sides change again and again
 */
export async function seenAgain(
  plan: SwitchPlan,
  parts: Parts,
  { fingerprints }: SidesSeen,
  attempt: number,
): Promise<SidesSeen | undefined> {
  const found = await fingerprintsOf(parts)
  const changed = (['from', 'to'] as const).filter((side) => found[side] !== fingerprints[side])
  const [side] = changed
  if (side === undefined) return undefined
  if (attempt >= plan.attempts)
    throw new SidesChangedError(sideName(plan[side]), await recordedDdl(parts[side].app))
  for (const one of changed)
    plan.say(
      `postponed: ${sideName(plan[one])} was changed since both sides were compared (${changedParts(fingerprints[one], found[one]).join(', ')}); comparing anew`,
    )
  return checkSides(plan, parts)
}
