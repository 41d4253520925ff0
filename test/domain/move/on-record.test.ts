import { describe, expect, it } from '@jest/globals'
import type { Migration } from '../../../domain/move/migration.ts'
import { actNotOnRecord, runNotOnRecord, undoNotOnRecord } from '../../../domain/move/rules/on-record.ts'
import { fromGone } from '../../../domain/move/way-back.ts'
import type { PlaybookPurpose } from '../../../domain/plan/plan-head.ts'
import type { RunRequest } from '../../../domain/plan/run-request.ts'
import { actors } from '../../support/actors.ts'
import { inRetention, inRecognition } from '../../support/migration-state.ts'

const recognised = inRecognition().migration
const kept = inRetention().migration
const result = { gapMs: 1, gapBound: 'at-most', generation: 1, anatomyMs: {} } as const
const asked = { reason: 'it is wrong', automatic: false, by: actors.operations }
const release = { statement: 'wipe it', by: actors.owner, atMs: 1 }

const released: Migration = kept.retention ? { ...kept, retention: { ...kept.retention, release } } : kept

const window = { startsAtMs: 0, endsAtMs: 1 }
const going: Migration = {
  ...recognised,
  phase: 'cutover',
  cutover: { window, latestRollbackAtMs: 1, number: 1, decision: 'go' },
}

function run(m: Migration, purpose: PlaybookPurpose, changed: Partial<RunRequest> = {}): RunRequest {
  const { plan, hostKeys, migration } = m
  const playbook = plan.playbooks[purpose]
  if (playbook === undefined) throw new Error(`The plan has no playbook for "${purpose}"`)
  const runId = `${migration}/1/${purpose}`
  const names = { system: plan.system, hosts: {}, databases: {} }
  return {
    runId,
    migration,
    ...names,
    playbook,
    plan,
    hostKeys,
    inputs: {},
    skip: [],
    confirmed: [],
    ...changed,
  }
}

const code = (missing: { readonly code: string } | undefined): string => missing?.code ?? 'on record'

describe('what a runner is asked for in the name of a move', () => {
  it.each<[string, Migration, PlaybookPurpose, Partial<RunRequest>, string]>([
    ['a cutover nobody decided on', recognised, 'cutover', {}, 'record-no-go'],
    [
      'a cutover that was decided against',
      { ...going, cutover: { window, latestRollbackAtMs: 1, number: 1, decision: 'no-go' } },
      'cutover',
      {},
      'record-no-go',
    ],
    ['a cutover with its go', going, 'cutover', {}, 'on record'],
    ['the rest of a cutover that has switched', kept, 'cutover', {}, 'on record'],
    ['a rollback nobody asked for', kept, 'rollback', {}, 'record-no-rollback'],
    [
      'a rollback the product asked for in retention',
      { ...kept, rollbackRequested: { ...asked, automatic: true } },
      'rollback',
      {},
      'record-no-rollback',
    ],
    ['a rollback a person asked for', { ...kept, rollbackRequested: asked }, 'rollback', {}, 'on record'],
    [
      'a rollback that gives the new side up, and nobody has',
      { ...kept, rollbackRequested: asked },
      'rollback',
      { inputs: { [fromGone]: true } },
      'record-no-rollback',
    ],
    [
      'the rest of a rollback that has switched',
      { ...kept, switches: [...kept.switches, { kind: 'rollback', atMs: 1, result }] },
      'rollback',
      {},
      'on record',
    ],
    ['a wipe before its release', kept, 'close', {}, 'record-no-release'],
    ['a wipe that the owner has released', released, 'close', {}, 'on record'],
    ['a rehearsal', recognised, 'rehearse', {}, 'on record'],
    [
      'a step left out that nobody left out',
      recognised,
      'rehearse',
      { skip: [{ step: 'verify', reason: 'no time' }] },
      'record-not-left-out',
    ],
    ['other host keys', recognised, 'rehearse', { hostKeys: { old: 'SHA256:x' } }, 'record-other-keys'],
    [
      'another content of a playbook',
      recognised,
      'rehearse',
      { playbook: { name: 'system-rehearse', digest: 'f'.repeat(64) } },
      'record-other-playbook',
    ],
    [
      'another plan',
      recognised,
      'rehearse',
      { plan: { ...recognised.plan, inputs: { host: 'mine' } } },
      'record-other-plan',
    ],
    ['the run of another move', recognised, 'rehearse', { runId: 'other-1/1/rehearse' }, 'record-other-plan'],
  ])('%s', (_, m, purpose, changed, expected) => {
    expect(code(runNotOnRecord(m, run(m, purpose, changed)))).toBe(expected)
  })

  it('undoes replication for an abort alone, and staging at the end as well', () => {
    expect(code(undoNotOnRecord(kept, run(kept, 'replicate')))).toBe('record-no-abort')
    expect(code(undoNotOnRecord(released, run(released, 'replicate')))).toBe('record-no-abort')
    expect(code(undoNotOnRecord(released, run(released, 'copy')))).toBe('on record')
    const aborting = { ...recognised, abortRequested: 'no money' }
    expect(code(undoNotOnRecord(aborting, run(aborting, 'replicate')))).toBe('on record')
  })

  it('does on both sides what a person has asked for', () => {
    const { plan } = kept
    expect(code(actNotOnRecord(kept, 'settleSides', { plan }))).toBe('record-no-settle')
    expect(code(actNotOnRecord(kept, 'rearmWayBack', { plan }))).toBe('record-no-rearm')
    expect(code(actNotOnRecord(kept, 'changeSchema', { plan, sqlDigest: 'a' }))).toBe(
      'record-no-schema-change',
    )
    const settle = { reason: 'stuck', by: actors.operations }
    expect(code(actNotOnRecord({ ...kept, settle }, 'settleSides', { plan }))).toBe('on record')
    expect(code(actNotOnRecord({ ...kept, rearm: { ...settle, atMs: 1 } }, 'rearmWayBack', { plan }))).toBe(
      'on record',
    )
  })
})
