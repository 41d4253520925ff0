import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { opensAlone } from '../../api/use-cases/opens-alone.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import type { PlaybookRef } from '../../domain/playbook/files.ts'
import { System } from '../../domain/ledger/system.ts'
import { FrozenPlaybookStore } from '../../storage/frozen-playbooks.ts'
import { MeasurementStore } from '../../storage/measurements.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf, switchedHistory } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'

const playbooks = join(import.meta.dirname, '../../playbooks')
const older = mkdtempSync(join(tmpdir(), 'qianyun-older-'))
const api = useApi(undefined, { playbooksFolder: playbooks })
const cli = useCli(api)
const arrivedAtMs = Date.UTC(2027, 0, 5, 3)
const look = { oldSideReachable: true, newSideReachable: false, datasets: {} }

/** The history of another system, with a rollback of its own. */
function movedBy(
  history: readonly MigrationEvent[],
  system: string,
  rollback: PlaybookRef,
): MigrationEvent[] {
  return history.map((event) => {
    if (event.type !== 'launched') return event
    const { plan } = event.data
    const changed = { ...plan, plan: `${system}-plan`, system, playbooks: { ...plan.playbooks, rollback } }
    return { ...event, data: { ...event.data, plan: changed } }
  })
}

/** A rollback as it was frozen before there was a way without the new side. */
async function freezeOlder(): Promise<PlaybookRef> {
  const folder = join(older, 'system-rollback')
  mkdirSync(folder)
  const text = readFileSync(join(playbooks, 'system-rollback/playbook.yaml'), 'utf8')
  writeFileSync(join(folder, 'playbook.yaml'), text.replace('from-gone:', 'another:'))
  const frozen = await new PlaybookStore(older).read('system-rollback')
  await new FrozenPlaybookStore(api.pool).keep([frozen])
  return frozen.ref
}

beforeAll(async () => {
  const store = new MigrationStore(api.pool)
  const systems = ['permit-desk', 'older-desk', 'back-desk'].map((system) =>
    System.parse({ system, name: system, department: 'permit-bureau', mlpsLevel: 2, classified: false }),
  )
  await new SystemStore(api.pool).import(systems, actors.coordinator, 1)
  const shipped = (await new PlaybookStore(playbooks).read('system-rollback')).ref
  await store.append(movedBy(switchedHistory('permit-desk-1'), 'permit-desk', shipped))
  await store.append(movedBy(switchedHistory('older-desk-1'), 'older-desk', await freezeOlder()))
  const result = {
    generation: 2,
    anatomyMs: {},
    currentUntilMs: arrivedAtMs,
    unprovenSequences: ['public.receipt'],
  }
  const back = historyOf(
    [
      { emit: 'cut-over', data: { result: { gapMs: 42, generation: 1, anatomyMs: {} } } },
      { emit: 'rolled-back', data: { result, to: 'trial-run' } },
    ],
    'back-desk-1',
  )
  await store.append(movedBy(back, 'back-desk', shipped))
  const measured = new MeasurementStore(api.pool)
  await measured.addWayBack('permit-desk-1', {
    ...look,
    newSideReachable: true,
    atMs: arrivedAtMs + 2_000,
    datasets: { database: { channel: 'running', lagMs: 2_000, figures: {}, reasons: [] } },
  })
  for (let minute = 1; minute <= 60; minute += 1)
    await measured.addWayBack('permit-desk-1', { ...look, atMs: arrivedAtMs + minute * 60_000 })
})

afterAll(() => {
  rmSync(older, { recursive: true })
})

const rollback = (system: string, ...more: readonly string[]) =>
  cli.run(['rollback', system, '--new-side-gone', '--reason', 'it burnt down', ...more])

describe('a rollback without the new side', () => {
  it.each([
    [
      'en',
      ['database: the old side is known to be current until 2027-01-05 11:00:00', 'may be lost for good'],
    ],
    ['zh', ['database：旧侧确知完整截至 2027-01-05 11:00:00', '可能永久丢失']],
  ])('shows until when the old side is current, and asks for the system’s name (%s)', async (lang, shown) => {
    const ran = await rollback('permit-desk', '--context', 'operations', '--lang', lang)
    expect(ran.exitCode).toBe(2)
    for (const text of shown) expect(ran.stderr).toContain(text)
  })

  it('is current from the cutover on where no marker is known to have arrived', async () => {
    const params = { system: 'older-desk' }
    const { switches } = await api.call('showMigration', { as: 'operations', params })
    const { oldSideCurrentUntilMs } = await api.call('showRetention', { as: 'operations', params })
    expect(oldSideCurrentUntilMs).toEqual({ database: switches[0]?.atMs })
  })

  it('takes the rollback of today where the plan’s own knows no such way, frozen for it', async () => {
    const store = new MigrationStore(api.pool)
    const frozenPlaybooks = new FrozenPlaybookStore(api.pool)
    const move = async (system: string) => store.find(system)
    const [before, own] = await Promise.all([move('older-desk'), move('permit-desk')])
    if (before === undefined || own === undefined) throw new Error('no moves')
    const at = (folder: string) => ({ stores: { frozenPlaybooks }, playbooks: new PlaybookStore(folder) })
    const today = (await new PlaybookStore(playbooks).read('system-rollback')).ref
    expect(await opensAlone(at(playbooks), own)).toEqual({})
    expect(await opensAlone(at(playbooks), before)).toEqual({ instead: today })
    expect((await frozenPlaybooks.find(today))?.ref.digest).toBe(today.digest)
    await expect(opensAlone(at(older), before)).rejects.toThrow(
      /Neither the playbook "system-rollback" of "older-desk-1" .* has an input "from-gone"/,
    )
    // This one gets as far as the workflow, which nobody runs here.
    const body = { reason: 'it burnt down', newSideGone: true } as const
    const params = { system: 'older-desk' }
    expect(await api.refused('rollBack', { as: 'operations', params, body })).toMatchObject({ status: 503 })
  })

  it('is refused to whom a rollback is refused', async () => {
    const body = { reason: 'it burnt down', newSideGone: true } as const
    const params = { system: 'permit-desk' }
    expect(await api.refused('rollBack', { as: 'owner', params, body })).toMatchObject({ status: 403 })
    // This one gets as far as the workflow, which nobody runs here.
    expect(await api.refused('rollBack', { as: 'operations', params, body })).toMatchObject({ status: 503 })
    const said = { reason: 'it burnt down', newSideGone: false } as never
    expect(await api.refused('rollBack', { as: 'operations', params, body: said })).toMatchObject({
      status: 400,
    })
  })

  it('stands in the move with what it cost', async () => {
    const { stdout } = await cli.as('coordinator', 'migration', 'show', 'back-desk')
    expect(stdout).toContain(
      'opened without the other side, which was gone; known to be current until 2027-01-05 11:00:00',
    )
    expect(stdout).toContain('of the sequences public.receipt')
    const { events } = await api.call('listEvents', { as: 'auditor', params: { system: 'back-desk' } })
    expect(events.at(-1)?.data).toMatchObject({ result: { currentUntilMs: arrivedAtMs } })
  })
})
