import { ApplicationFailure } from '@temporalio/common'
import type { createBothSidesActivities } from '../../activities/both-sides.ts'
import type { createZoneActivities } from '../../activities/zone.ts'
import type { createPlaybookActivities } from '../../activities/playbook.ts'
import type { createProbeActivities } from '../../activities/probes.ts'
import type { Finding, FindingGroup } from '../../domain/assessment/finding.ts'
import type { GivenUp } from '../../domain/move/giving-up.ts'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import type { PlaybookOutcome, StepOutcome } from '../../domain/playbook/outcome.ts'
import type { Reseeded } from '../../families/both-sides.ts'
import type { SideRole } from '../../domain/plan/places.ts'
import type { RunRequest, StepGroup } from '../../domain/plan/run-request.ts'
import { servingSide } from '../../domain/move/workflow-end.ts'
import { jsonDigest } from '../../storage/digest.ts'
import type { SidesFound } from '../../workflows/sides/messages.ts'

type RoomActivities = ReturnType<typeof createZoneActivities> &
  ReturnType<typeof createBothSidesActivities> &
  ReturnType<typeof createPlaybookActivities> &
  ReturnType<typeof createProbeActivities>

/** What stands in storage under the paper room's findings. */
export const nothingFound: readonly Finding[] = []
/** What an assessment on paper has seen of the hosts. */
export const paperFacts = { hosts: 'on paper' }

/**
 * What the runner's activities answer where no host can be asked: on a server that skips months in a moment, real hosts
 * would not. Only time and order are tested on it; what hosts do is tested on hosts.
 */
export class PaperRoom {
  private readonly moves = new Map<string, PaperMove>()

  readonly activities: RoomActivities = {
    discover: async ({ plan, hosts = 'source' }) => ({
      findings: this.of(plan.system).found[hosts] ?? [],
      findingsDigest: jsonDigest(nothingFound),
      readinessScore: 88,
      disposition: 'replatform',
      dispositionReason: { zh: '平台需要升级。', en: 'The platform changes under it.' },
      factsDigest: jsonDigest(paperFacts),
    }),
    recordHosts: async () => ({ target: { address: '127.0.0.13', fingerprint: `SHA256:${'A'.repeat(43)}` } }),
    preflight: async () => undefined,
    awaitArmed: async () => undefined,
    settleSides: async ({ plan }) => {
      const move = this.of(plan.system)
      move.settled += 1
      if (move.settleFails !== undefined)
        throw ApplicationFailure.nonRetryable('not settled', move.settleFails)
      const serves = servingSide(move.sides)
      if (serves === 'old' || serves === 'new') return { serves, undone: false }
      if (Object.values(move.sides).includes('no-answer'))
        throw ApplicationFailure.nonRetryable('no answer', 'pair-unsettled')
      move.sides = { ...move.sides, old: 'open' }
      return { serves: 'old', undone: true }
    },
    rearmWayBack: async ({ plan, givenUp }) => this.of(plan.system).reseed(givenUp),
    agreedToGiveUp: async ({ plan }) => this.of(plan.system).agreed(),
    dropGivenUp: async ({ plan, givenUp }) => {
      this.of(plan.system).dropped.push(givenUp)
    },
    changeSchema: async (asked) => this.of(asked.plan.system).changeSchema(asked),
    lookAtSides: async ({ plan }) => this.of(plan.system).sides,
    describePlaybook: async ({ request }) =>
      this.of(request.system).groups.get(request.playbook.name) ?? [{ zone: 'default', steps: ['all'] }],
    runSteps: async ({ request, steps }) => this.of(request.system).run(request, steps),
    undoPlaybook: async ({ request }) => {
      this.of(request.system).undone.push(request.runId)
      return this.of(request.system).leftBehind
    },
    observeTrialRun: async ({ plan, soFar, untilMs }) => ({
      ...soFar,
      endedAtMs: untilMs,
      probes: soFar.probes + 1000,
      unobservedMs: soFar.unobservedMs + (this.of(plan.system).watched ? 0 : untilMs - soFar.endedAtMs),
    }),
    writeProbe: async ({ plan }) => {
      if (this.of(plan.system).writeProbeFails) {
        throw ApplicationFailure.nonRetryable('the application does not answer', 'write-probe-failed')
      }
    },
  }

  /** What is known of one system's move. */
  of(system: string): PaperMove {
    const known = this.moves.get(system) ?? new PaperMove()
    this.moves.set(system, known)
    return known
  }
}

class PaperMove {
  /** What is found, by the side whose hosts are looked at. */
  readonly found: Partial<Record<SideRole, readonly FindingGroup[]>> = {}
  /** Every playbook run, in order, by what it was for. */
  readonly ran: string[] = []
  readonly undone: string[] = []
  /** Failures to come, by occasion: each is used once. */
  readonly failures = new Map<string, NonNullable<PlaybookOutcome['failure']>[]>()
  /** What happens on hosts instead, by occasion. */
  readonly scripts = new Map<string, Script>()
  /** How a playbook is cut into groups, by its name. */
  readonly groups = new Map<string, readonly StepGroup[]>()
  /** How often sides were settled, and the code with which that fails. */
  settled = 0
  settleFails: string | undefined
  /** What seeds the old side anew. */
  reseed: (givenUp?: GivenUp) => Promise<Reseeded> = async () => ({ rows: 10, copyMs: 5 })
  /** What two people have agreed to, and what was dropped by it. */
  agreed: () => Promise<GivenUp | null> = async () => null
  readonly dropped: GivenUp[] = []
  /** What makes schema changes. */
  changeSchema: RoomActivities['changeSchema'] = async () => ({ newTables: [], heldMs: 7 })
  /** What an undo has to leave. */
  leftBehind: readonly RecordedReason[] = []
  writeProbeFails = false
  /** Whether anybody looks at the trial run. */
  watched = true
  /** What the servers of both sides say of themselves. */
  sides: SidesFound = { old: 'never-switched', new: 'never-switched' }

  async run(request: RunRequest, steps: readonly string[]): Promise<PlaybookOutcome> {
    const occasion = request.runId.split('/').at(-1) ?? ''
    this.ran.push(occasion)
    const script = this.scripts.get(occasion)
    if (script) return script(request, steps)
    const failure = this.failures.get(occasion)?.shift()
    if (failure) return { done: [], failure }
    return { done: outcomes[request.playbook.name] ?? [] }
  }
}

type Script = (request: RunRequest, steps: readonly string[]) => Promise<PlaybookOutcome>

export const switched: StepOutcome = {
  step: 'switch',
  kind: 'postgres-switchover',
  result: { gapMs: 42, generation: 1, anatomyMs: { fence: 5 } },
}

const outcomes: Readonly<Record<string, readonly StepOutcome[]>> = {
  'postgresql-copy': [
    { step: 'verify', kind: 'postgres-verify', result: { equal: true, rows: 10, differences: [] } },
  ],
  'postgresql-rehearsal': [
    {
      step: 'load',
      kind: 'load-test',
      result: { valid: true, repeats: 1, invalidBecause: [], targets: [], comparisons: [] },
    },
    {
      step: 'switches',
      kind: 'postgres-rehearse',
      result: {
        cutoverMs: 4_000,
        rollbackMs: 5_000,
        cutoverGapMs: 40,
        rollbackGapMs: 41,
        ackedWrites: 100,
        lostWrites: 0,
      },
    },
  ],
  'system-cutover': [switched],
  'system-rollback': [{ ...switched, result: { ...switched.result, generation: 2 } }],
  'system-close': [
    { step: 'wipe', kind: 'wipe', result: { proofDigest: 'e'.repeat(64), removedBytes: 123 } },
  ],
}
