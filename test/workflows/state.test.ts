import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { refusal } from '../../domain/command-rules.ts'
import type { Command, CommandName } from '../../domain/command.ts'
import { commandRoles } from '../../domain/command.ts'
import { applyEvent } from '../../domain/migration.ts'
import type { Migration } from '../../domain/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { engineActor } from '../../domain/organisation.ts'
import type { Signoff } from '../../domain/signoff.ts'
import { waitingFor } from '../../domain/waiting-for.ts'
import type { NewTask } from '../../workflows/migration/course.ts'
import type { CommandRequest } from '../../workflows/migration/messages.ts'
import { MigrationState } from '../../workflows/migration/state.ts'
import { actors } from '../support/actors.ts'
import { samplePlan } from '../support/plan.ts'

const launch = (): MigrationState =>
  new MigrationState(
    {
      migration: 'permit-desk-1',
      plan: samplePlan(),
      planDigest: 'p'.repeat(64),
      launchedBy: actors.coordinator,
    },
    clock.now,
  )

const clock = { ms: Date.UTC(2026, 10, 30, 2), now: (): number => clock.ms }

let requests = 0
const ask = (state: MigrationState, actor: Actor, command: Command, requestId = `r${(requests += 1)}`) => {
  const { name, ...data } = command
  const request = { requestId, actor, data } as unknown as CommandRequest
  const refused = state.refusalOf(name, request)
  if (refused) return refused.code
  state.take(name, request)
  return 'taken'
}

const signoff = (party: 'owner' | 'provider', digest: string, change: Partial<Signoff> = {}): Command => ({
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
const openTask = (state: MigrationState): void => {
  state.emit('task-opened', { task: { ...vendorTask, state: 'open', evidence: [], rejections: [] } })
}

const inRecognition = (): MigrationState => {
  const state = launch()
  state.emit('phase-entered', { phase: 'recognition', round: 1 })
  state.emit('report-issued', { version: 1, digest: 'd1', remark: '' })
  return state
}

const schedule = (startsAtMs: number, endsAtMs: number): Command => ({
  name: 'schedule-cutover',
  window: { startsAtMs, endsAtMs },
})

/** Recognised, rehearsed, and with a window that is open. */
const scheduled = (): MigrationState => {
  const state = inRecognition()
  const durations = { cutoverMs: 60_000, rollbackMs: 120_000, cutoverGapMs: 50, rollbackGapMs: 50 }
  state.emit('rehearsed', { rehearsal: { ...durations, gates: [], evidenceDigest: '' } })
  state.emit('phase-entered', { phase: 'cutover', round: 1 })
  ask(state, actors.operations, schedule(clock.ms, clock.ms + 600_000))
  return state
}

const switched = (): MigrationState => {
  const state = inRecognition()
  state.emit('phase-entered', { phase: 'cutover', round: 1 })
  state.emit('cut-over', { result: { gapMs: 40, generation: 1, anatomyMs: {} } })
  return state
}

const inRetention = (): MigrationState => {
  const state = switched()
  state.emit('phase-entered', { phase: 'retention', round: 1 })
  state.emit('retention-started', { untilMs: clock.ms + 90 * 86_400_000 })
  return state
}

describe('recognition', () => {
  it('is complete when owner and provider have signed the same digest', () => {
    const state = inRecognition()
    expect(ask(state, actors.owner, signoff('owner', 'd1'))).toBe('taken')
    expect(state.migration.recognised).toBe(false)
    expect(ask(state, actors.provider, signoff('provider', 'd1'))).toBe('taken')
    expect(state.migration.recognised).toBe(true)
  })

  it.each<[string, Actor, Command]>([
    ['other-digest', actors.owner, signoff('owner', 'd0')],
    ['other-organisation', actors.owner, signoff('owner', 'd1', { organisation: 'city-cloud' })],
    ['not-a-party', actors.vendor, { ...signoff('owner', 'd1', { party: 'vendor' }) }],
    ['launcher-signs', actors.owner, signoff('owner', 'd1', { account: actors.coordinator.account })],
    ['role-not-allowed', actors.auditor, signoff('owner', 'd1')],
  ])('refuses with %s', (code, actor, command) => {
    const state = inRecognition()
    const before = state.migration
    expect(ask(state, actor, command)).toBe(code)
    expect(state.migration).toBe(before)
  })

  it('refuses one organisation signing twice, and one person signing for two', () => {
    const state = inRecognition()
    ask(state, actors.owner, signoff('owner', 'd1'))
    expect(ask(state, actors.owner, signoff('owner', 'd1'))).toBe('already-signed')
    expect(ask(state, actors.provider, signoff('provider', 'd1', { account: actors.owner.account }))).toBe(
      'same-person',
    )
    expect(ask(state, actors.provider, signoff('provider', 'd1', { keyId: 'key-owner' }))).toBe('same-person')
  })

  it('begins anew when the report is amended, and signatures under the old one are void', () => {
    const state = inRecognition()
    ask(state, actors.owner, signoff('owner', 'd1'))
    ask(state, actors.provider, signoff('provider', 'd1'))
    expect(ask(state, actors.coordinator, { name: 'amend-report', remark: 'typo' })).toBe('taken')
    expect(state.migration.signoffs).toEqual([])
    expect(state.migration.recognised).toBe(false)
    state.emit('report-issued', { version: 2, digest: 'd2', remark: 'typo' })
    expect(ask(state, actors.owner, signoff('owner', 'd1'))).toBe('other-digest')
  })
})

describe('an amendment', () => {
  it('is made one at a time, and nobody signs the report that is being amended', () => {
    const state = inRecognition()
    expect(ask(state, actors.coordinator, { name: 'amend-report', remark: 'typo' })).toBe('taken')
    expect(ask(state, actors.coordinator, { name: 'amend-report', remark: 'another' })).toBe(
      'report-being-amended',
    )
    expect(ask(state, actors.owner, signoff('owner', 'd1'))).toBe('report-being-amended')
    state.emit('report-issued', { version: 2, digest: 'd2', remark: 'typo' })
    expect(ask(state, actors.owner, signoff('owner', 'd2', { reportVersion: 2 }))).toBe('taken')
  })

  it('takes the window with it that was taken for the report of before', () => {
    const state = scheduled()
    expect(ask(state, actors.coordinator, { name: 'amend-report', remark: 'typo' })).toBe('taken')
    expect(state.migration).not.toHaveProperty('cutover')
    expect(ask(state, actors.operations, schedule(clock.ms, clock.ms + 600_000))).toBe('not-in-cutover')
  })
})

describe('the go', () => {
  const go: Command = { name: 'decide-cutover', decision: 'go', reason: 'ready' }
  const prepare = (state: MigrationState): void => {
    state.emit('step-started', { step: 'final-sync', attempt: 1 })
    state.emit('step-finished', { step: 'final-sync' })
  }

  it('is taken once the final preparation has been made in this very window', () => {
    const state = scheduled()
    expect(ask(state, actors.operations, go)).toBe('not-ready')
    state.emit('step-started', { step: 'final-sync', attempt: 1 })
    expect(ask(state, actors.operations, schedule(clock.ms, clock.ms + 700_000))).toBe('taken')
    state.emit('step-finished', { step: 'final-sync' })
    expect(ask(state, actors.operations, go)).toBe('not-ready')
    prepare(state)
    expect(ask(state, actors.operations, go)).toBe('taken')
  })

  it('is refused while the move is stopped', () => {
    const state = scheduled()
    prepare(state)
    ask(state, actors.coordinator, { name: 'hold', reason: 'a call from above' })
    expect(ask(state, actors.operations, go)).toBe('not-moving')
    ask(state, actors.coordinator, { name: 'resume', note: '' })
    expect(ask(state, actors.operations, go)).toBe('taken')
  })
})

describe('the state of the way back', () => {
  it('is told once, and not of a cutover that has been rolled back', () => {
    const state = inRetention()
    const degraded: Command = { name: 'report-way-back', state: 'degraded', reasons: ['marker-late-40s'] }
    expect(ask(state, engineActor, degraded)).toBe('taken')
    expect(ask(state, engineActor, degraded)).toBe('no-news')
    state.emit('rolled-back', { result: { gapMs: 41, generation: 2, anatomyMs: {} }, to: 'trial-run' })
    expect(ask(state, engineActor, degraded)).toBe('not-in-retention')
  })
})

describe('tasks', () => {
  it('are taken, done with evidence, signed, rejected with a reason, and done again', () => {
    const state = launch()
    openTask(state)
    const evidence = [{ name: 'report.pdf', digest: 'e'.repeat(64), sizeBytes: 10 }]
    const complete: Command = { name: 'complete-task', task: 'adapt-code', note: 'done', evidence }
    const sign: Command = { name: 'sign-task', task: 'adapt-code', keyId: 'k', digest: 'x', signature: 's' }
    expect(ask(state, actors.owner, { name: 'take-task', task: 'adapt-code' })).toBe('not-your-task')
    expect(ask(state, actors.vendor, { name: 'take-task', task: 'adapt-code' })).toBe('taken')
    expect(ask(state, actors.vendor, { ...complete, evidence: [] })).toBe('evidence-missing')
    expect(ask(state, actors.vendor, complete)).toBe('taken')
    expect(ask(state, actors.owner, { name: 'accept-task', task: 'adapt-code' })).toBe('wrong-task-state')
    expect(ask(state, actors.vendor, sign)).toBe('taken')
    expect(ask(state, actors.vendor, { name: 'accept-task', task: 'adapt-code' })).toBe('role-not-allowed')
    expect(ask(state, actors.owner, { name: 'reject-task', task: 'adapt-code', reason: 'no tests' })).toBe(
      'taken',
    )
    expect(state.migration.tasks[0]).toMatchObject({ state: 'open', rejections: [{ reason: 'no tests' }] })
    expect(state.migration.tasks[0]).not.toHaveProperty('signature')
    expect(ask(state, actors.vendor, complete)).toBe('taken')
    expect(ask(state, actors.vendor, sign)).toBe('taken')
    expect(ask(state, actors.owner, { name: 'accept-task', task: 'adapt-code' })).toBe('taken')
    expect(state.migration.tasks[0]?.state).toBe('closed')
  })
})

describe('cutover, rollback and retention', () => {
  it('refuses a window in the past, without end, and too short for the rehearsed durations', () => {
    const state = inRecognition()
    state.emit('phase-entered', { phase: 'cutover', round: 1 })
    expect(ask(state, actors.operations, schedule(clock.ms, clock.ms + 3_600_000))).toBe('not-rehearsed')
    state.emit('rehearsed', {
      rehearsal: {
        cutoverMs: 60_000,
        rollbackMs: 120_000,
        cutoverGapMs: 50,
        rollbackGapMs: 50,
        gates: [],
        evidenceDigest: '',
      },
    })
    expect(ask(state, actors.operations, schedule(clock.ms - 7_200_000, clock.ms - 3_600_000))).toBe(
      'window-refused',
    )
    expect(ask(state, actors.operations, schedule(clock.ms, Number.NaN))).toBe('window-refused')
    expect(ask(state, actors.operations, schedule(clock.ms, clock.ms + 170_000))).toBe('window-refused')
    const years = schedule(clock.ms, clock.ms + 99_999 * 3_600_000)
    expect(ask(state, actors.operations, years)).toBe('window-refused')
    expect(refusal(state.migration, years, actors.operations, clock.ms)?.message).toContain(
      'The window "2026-11-30 10:00:00 Asia/Shanghai" to "2038-04-28 01:00:00 Asia/Shanghai" is longer than the 72 hours',
    )
    expect(ask(state, actors.operations, schedule(clock.ms, clock.ms + 600_000))).toBe('taken')
    expect(state.migration.cutover?.latestRollbackAtMs).toBe(clock.ms + 480_000)
    clock.ms += 490_000
    expect(ask(state, actors.operations, { name: 'decide-cutover', decision: 'go', reason: '' })).toBe(
      'too-late',
    )
    clock.ms -= 490_000
  })

  it('wants the go early enough that the rehearsed cutover still leaves time to go back, and says until when', () => {
    const state = scheduled()
    const { window, latestRollbackAtMs } = state.migration.cutover!
    const { cutoverMs } = state.migration.rehearsal!
    const prepared: Migration = {
      ...state.migration,
      cutover: { ...state.migration.cutover!, preparation: 'done' },
    }
    const { step: _step, ...idle } = prepared
    const deadlineMs = latestRollbackAtMs - cutoverMs
    expect(waitingFor(idle, window.startsAtMs)).toMatchObject([
      { code: 'cutover-decision', untilMs: deadlineMs },
    ])
    const go: Command = { name: 'decide-cutover', decision: 'go', reason: '' }
    expect(refusal(idle, go, actors.operations, deadlineMs)).toBeUndefined()
    expect(refusal(idle, go, actors.operations, deadlineMs + 1)?.code).toBe('too-late')
  })

  it('waits for no release while a rollback is carried out', () => {
    const state = inRetention()
    const laterMs = clock.ms + 91 * 86_400_000
    expect(waitingFor(state.migration, laterMs).map(({ code }) => code)).toContain('retention-release')
    expect(ask(state, actors.operations, { name: 'roll-back', reason: 'payment fails' })).toBe('taken')
    expect(waitingFor(state.migration, laterMs).map(({ code }) => code)).not.toContain('retention-release')
  })

  it('rolls back without prior approval, by operations alone, and takes the recognition with it', () => {
    const state = inRetention()
    expect(ask(state, actors.owner, { name: 'roll-back', reason: 'x' })).toBe('role-not-allowed')
    expect(ask(state, actors.operations, { name: 'roll-back', reason: 'payment fails' })).toBe('taken')
    state.emit('rolled-back', { result: { gapMs: 41, generation: 2, anatomyMs: {} }, to: 'trial-run' })
    expect(state.migration).toMatchObject({ signoffs: [], recognised: false })
    expect(state.migration).not.toHaveProperty('report')
    expect(state.migration).not.toHaveProperty('retention')
  })

  it('rolls back without the new side where only that is left, though the way back is lost', () => {
    const state = inRetention()
    state.emit('way-back-changed', { state: 'lost', reasons: ['reverse-slot-missing'] })
    const rollBack = { name: 'roll-back', reason: 'its disks are gone' } as const
    expect(ask(state, actors.operations, rollBack)).toBe('way-back-lost')
    expect(ask(state, actors.operations, { ...rollBack, newSideGone: true })).toBe('taken')
    expect(ask(state, actors.operations, rollBack)).toBe('already-rolling-back')
    const early = ask(inRecognition(), actors.operations, { ...rollBack, newSideGone: true })
    expect(early).toBe('nothing-to-roll-back')
  })

  it('refuses to abort once the new side serves, and to roll back before it does', () => {
    expect(ask(switched(), actors.operations, { name: 'abort', reason: 'x' })).toBe('after-cutover')
    expect(ask(inRecognition(), actors.operations, { name: 'roll-back', reason: 'x' })).toBe(
      'nothing-to-roll-back',
    )
  })

  it('releases only after the date, only by the owner, and only once', () => {
    const state = inRetention()
    const release: Command = { name: 'release-retention', statement: 'we release the old data' }
    expect(ask(state, actors.operations, release)).toBe('role-not-allowed')
    expect(ask(state, actors.owner, release)).toBe('before-retention-end')
    clock.ms += 91 * 86_400_000
    expect(ask(state, actors.owner, release)).toBe('taken')
    expect(ask(state, actors.owner, release)).toBe('already-released')
    clock.ms -= 91 * 86_400_000
  })

  it('refuses everything once closed', () => {
    const state = inRetention()
    state.emit('closed', {})
    expect(ask(state, actors.operations, { name: 'roll-back', reason: 'x' })).toBe('migration-over')
  })
})

describe('any sequence of commands', () => {
  const commands: Command[] = [
    { name: 'pause', reason: 'r' },
    { name: 'hold', reason: 'r' },
    { name: 'resume', note: '' },
    { name: 'abort', reason: 'r' },
    { name: 'retry-step', step: 'discover', note: '' },
    { name: 'skip-step', step: 'preflight', reason: 'r' },
    { name: 'take-task', task: 'adapt-code' },
    {
      name: 'complete-task',
      task: 'adapt-code',
      note: '',
      evidence: [{ name: 'f', digest: 'e', sizeBytes: 1 }],
    },
    { name: 'sign-task', task: 'adapt-code', keyId: 'k', digest: 'x', signature: 's' },
    { name: 'accept-task', task: 'adapt-code' },
    { name: 'reject-task', task: 'adapt-code', reason: 'r' },
    { name: 'amend-report', remark: 'r' },
    signoff('owner', 'd1'),
    signoff('provider', 'd1'),
    { name: 'roll-back', reason: 'r' },
    { name: 'release-retention', statement: 's' },
  ]
  const anyone = fc.constantFrom(...Object.values(actors))

  it('keeps the rules: roles, distinct signers, and events that add up to the same move anywhere', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(launch, inRecognition, switched, inRetention),
        fc.array(fc.tuple(anyone, fc.constantFrom(...commands)), { maxLength: 30 }),
        (start, asked) => {
          const state = start()
          openTask(state)
          for (const [actor, command] of asked) {
            const answer = ask(state, actor, command)
            const allowed = commandRoles[command.name] as readonly string[]
            expect(answer === 'role-not-allowed').toBe(!allowed.includes(actor.role))
          }
          const { signoffs, recognised } = state.migration
          expect(new Set(signoffs.map((s) => s.organisation)).size).toBe(signoffs.length)
          const both = ['owner', 'provider']
          expect(recognised ? signoffs.map((each) => each.party).sort() : both).toEqual(both)
          let rebuilt: Migration | undefined
          for (const event of state.toRecord) rebuilt = applyEvent(rebuilt, event)
          expect(rebuilt).toEqual(state.migration)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('answers a request id once, also after the move has continued as a new run', () => {
    const state = launch()
    expect(ask(state, actors.coordinator, { name: 'pause', reason: 'r' }, 'same')).toBe('taken')
    const next = new MigrationState(
      {
        migration: 'permit-desk-1',
        plan: samplePlan(),
        planDigest: '',
        launchedBy: actors.coordinator,
        resumed: structuredClone(state.resumed()),
      },
      clock.now,
    )
    const sequence = next.migration.sequence
    expect(ask(next, actors.coordinator, { name: 'pause', reason: 'r' }, 'same')).toBe('taken')
    expect(next.migration.sequence).toBe(sequence)
    expect(next.toRecord).toEqual(state.toRecord)
  })

  it('has a role for every command', () => {
    const names = Object.keys(commandRoles) as CommandName[]
    expect(names.filter((n) => commandRoles[n].length === 0)).toEqual([])
  })
})
