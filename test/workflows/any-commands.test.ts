import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Command, CommandName } from '../../domain/move/command.ts'
import { commandRoles } from '../../domain/move/command.ts'
import { applyEvent } from '../../domain/move/migration.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { MigrationState } from '../../workflows/migration/state.ts'
import { actors } from '../support/actors.ts'
import {
  ask,
  clock,
  inRecognition,
  inRetention,
  launch,
  openTask,
  signoff,
  switched,
} from '../support/migration-state.ts'
import { samplePlan } from '../support/plan.ts'

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
    { name: 'change-schema', sqlDigest: 'e', statements: ['create table a ()'], reason: 'r' },
    { name: 'change-schema', sqlDigest: 'f', statements: ['create table b ()'], reason: 'r' },
    { name: 'rearm-way-back', reason: 'r' },
    { name: 'settle-cutover', reason: 'r' },
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
