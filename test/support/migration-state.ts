import type { Command } from '../../domain/move/command.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { Signoff } from '../../domain/move/signoff.ts'
import type { NewTask } from '../../workflows/migration/course.ts'
import type { CommandRequest } from '../../workflows/migration/messages.ts'
import { MigrationState } from '../../workflows/migration/state.ts'
import { actors } from './actors.ts'
import { samplePlan } from './plan.ts'

export const launch = (): MigrationState =>
  new MigrationState(
    {
      migration: 'permit-desk-1',
      plan: samplePlan(),
      planDigest: 'p'.repeat(64),
      launchedBy: actors.coordinator,
    },
    clock.now,
  )

export const clock = { ms: Date.UTC(2026, 10, 30, 2), now: (): number => clock.ms }

let requests = 0
export const ask = (
  state: MigrationState,
  actor: Actor,
  command: Command,
  requestId = `r${(requests += 1)}`,
) => {
  const { name, ...data } = command
  const request = { requestId, actor, data } as unknown as CommandRequest
  const refused = state.refusalOf(name, request)
  if (refused) return refused.code
  state.take(name, request)
  return 'taken'
}

export const signoff = (
  party: 'owner' | 'provider',
  digest: string,
  change: Partial<Signoff> = {},
): Command => ({
  name: 'sign-report',
  signoff: {
    party,
    organisation: actors[party].organisation,
    account: actors[party].account,
    keyId: `key-${party}`,
    algorithm: 'ed25519',
    digest,
    reportVersion: 1,
    signature: 'c2ln',
    signedText: '',
    atMs: 0,
    ...change,
  },
})

const vendorTask: NewTask = {
  id: 'adapt-code',
  kind: 'adapt-code',
  title: { zh: '改造', en: 'Adapt' },
  assignee: { role: 'vendor', organisation: 'permit-soft' },
  reviewer: { role: 'owner', organisation: 'permit-bureau' },
  wantsEvidence: true,
  wantsSignature: true,
  details: {},
}
export const openTask = (state: MigrationState): void => {
  state.emit('task-opened', { task: { ...vendorTask, state: 'open', evidence: [], rejections: [] } })
}

export const inRecognition = (): MigrationState => {
  const state = launch()
  state.emit('phase-entered', { phase: 'recognition', round: 1 })
  state.emit('report-issued', { version: 1, digest: 'd1', remark: '' })
  return state
}

export const schedule = (startsAtMs: number, endsAtMs: number): Command => ({
  name: 'schedule-cutover',
  window: { startsAtMs, endsAtMs },
})

/** Recognised, rehearsed, and with a window that is open. */
export const scheduled = (): MigrationState => {
  const state = inRecognition()
  const durations = { cutoverMs: 60_000, rollbackMs: 120_000, cutoverGapMs: 50, rollbackGapMs: 50 }
  state.emit('rehearsed', { rehearsal: { ...durations, gates: [], evidenceDigest: '' } })
  state.emit('phase-entered', { phase: 'cutover', round: 1 })
  ask(state, actors.operations, schedule(clock.ms, clock.ms + 600_000))
  return state
}

export const switched = (): MigrationState => {
  const state = inRecognition()
  state.emit('phase-entered', { phase: 'cutover', round: 1 })
  state.emit('cut-over', { result: { gapMs: 40, generation: 1, anatomyMs: {} } })
  return state
}

export const inRetention = (): MigrationState => {
  const state = switched()
  state.emit('phase-entered', { phase: 'retention', round: 1 })
  state.emit('retention-started', { untilMs: clock.ms + 90 * 86_400_000 })
  return state
}
