import { describe, expect, it } from '@jest/globals'
import { refusal } from '../../domain/move/rules/commands.ts'
import type { Command } from '../../domain/move/command.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { engineActor } from '../../domain/organisation.ts'
import { waitingFor } from '../../domain/move/rules/waiting-for.ts'
import type { MigrationState } from '../../workflows/migration/state.ts'
import { actors } from '../support/actors.ts'
import {
  ask,
  clock,
  inRecognition,
  inRetention,
  launch,
  openTask,
  schedule,
  scheduled,
  signoff,
  switched,
} from '../support/migration-state.ts'

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

  it('is taken once the final sync has been made in this very window', () => {
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
