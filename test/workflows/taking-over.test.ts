import { describe, expect, it } from '@jest/globals'
import type { Command } from '../../domain/move/command.ts'
import type { Actor } from '../../domain/organisation.ts'
import { MigrationState } from '../../workflows/migration/state.ts'
import { actors } from '../support/actors.ts'
import { samplePlan } from '../support/plan.ts'

const colleague: Actor = { ...actors.vendor, account: 'vendor-gao' }
const task = 'adapt-code'

function opened() {
  const state = new MigrationState(
    { migration: 'desk-1', plan: samplePlan(), planDigest: 'b'.repeat(64), launchedBy: actors.coordinator },
    () => 1,
  )
  const { organisation } = actors.vendor
  state.emit('task-opened', {
    task: {
      id: task,
      kind: 'adapt-code',
      title: { zh: '改造', en: 'Adapt' },
      assignee: { role: 'vendor', organisation },
      wantsEvidence: false,
      wantsSignature: true,
      details: {},
      state: 'open',
      evidence: [],
      rejections: [],
    },
  })
  let asked = 0
  const ask = (actor: Actor, { name, ...data }: Command): string => {
    const request = { requestId: `r${String((asked += 1))}`, actor, data } as never
    const refused = state.refusalOf(name, request)
    if (refused === undefined) state.take(name, request)
    return refused?.code ?? 'taken'
  }
  return { state, ask }
}

const reason = 'she has left the company'
const complete: Command = { name: 'complete-task', task, note: 'done', evidence: [] }
const sign: Command = { name: 'sign-task', task, keyId: 'k', digest: 'd', signature: 's' }

describe('a task whose person has left', () => {
  it('is taken over by a colleague, with a reason that is on record', () => {
    const { state, ask } = opened()
    expect(ask(actors.vendor, { name: 'take-task', task })).toBe('taken')
    expect(ask(colleague, complete)).toBe('taken-by-another')
    expect(ask(colleague, { name: 'take-task', task })).toBe('taken-by-another')
    expect(ask(actors.owner, { name: 'take-task', task, reason })).toBe('not-your-task')
    expect(ask(colleague, { name: 'take-task', task, reason })).toBe('taken')
    expect(state.toRecord.at(-1)).toMatchObject({
      type: 'task-taken',
      actor: { account: 'vendor-gao' },
      data: { task, reason },
    })
    expect(ask(colleague, complete)).toBe('taken')
    expect(ask(colleague, sign)).toBe('taken')
  })

  it('is completed and signed anew when only the signature was missing', () => {
    const { ask } = opened()
    expect(ask(actors.vendor, complete)).toBe('taken')
    expect(ask(colleague, sign)).toBe('not-the-doer')
    expect(ask(actors.vendor, { name: 'take-task', task, reason })).toBe('wrong-task-state')
    expect(ask(colleague, { name: 'take-task', task, reason })).toBe('taken')
    expect(ask(colleague, sign)).toBe('wrong-task-state')
    expect(ask(colleague, complete)).toBe('taken')
    expect(ask(colleague, sign)).toBe('taken')
  })
})
