import { describe, expect, it } from '@jest/globals'
import { figuresOf, type FigureName } from '../../domain/move/attested.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Task } from '../../domain/move/task.ts'
import { ReportStore } from '../../storage/reports.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { Move } from '../support/move.ts'
import { useOwnTemporal } from '../support/own-temporal.ts'
import { trackedPlan } from '../support/tracked-plan.ts'
import { useWorkers } from '../support/workers.ts'

const database = useDatabase()
const temporal = useOwnTemporal()
const paper = useWorkers(database, temporal)

const evidence = [{ name: 'log.txt', digest: 'c'.repeat(64), sizeBytes: 5 }]
const signature = { keyId: 'k', digest: 'd', signature: 's' }
/** What people write who are content. */
const good: Readonly<Partial<Record<FigureName, string>>> = {
  'done-by': '王工',
  serves: 'new',
  lost: '无',
  'items-compared': '1200',
  'items-different': '0',
  'failed-share': '0',
  'p95-ratio': '1.1',
  'cutover-minutes': '0.05',
  'rollback-minutes': '0.05',
  'stop-minutes': '0.05',
  'stop-minutes-back': '0.05',
  availability: '0.999',
  'longest-outage-minutes': '0',
  incidents: '0',
  method: '逐盘覆写',
  'removed-bytes': '700',
}

type Given = Readonly<Partial<Record<FigureName, string>>>
const figuresFor = ({ wantsFigures = [] }: Task, given: Given = {}) => {
  const instant = new Date().toISOString()
  const all = { 'began-at': instant, 'ended-at': instant, ...good, ...given }
  return Object.fromEntries(wantsFigures.map((name) => [name, all[name as FigureName] ?? '']))
}

/** Does what a task asks, as each of those it asks, and gives what completing it came to. */
async function carryOut(move: Move, task: Task, given: Given = {}): Promise<string> {
  const { id, assignee, reviewer, wantsSignature, wantsFigures } = task
  const by = actors[assignee.role]
  const figures = figuresFor(task, given)
  const answer = await move.command('complete-task', by, {
    task: id,
    note: 'done',
    evidence,
    ...(wantsFigures && { figures }),
  })
  if (answer !== 'taken') return answer
  if (wantsSignature) await move.command('sign-task', by, { task: id, ...signature })
  if (reviewer) await move.command('accept-task', actors[reviewer.role], { task: id })
  return answer
}

/** Has people do whatever they are asked for until the move is as wanted. */
async function goOn(
  move: Move,
  what: string,
  wanted: (m: Migration) => boolean,
  given: (task: Task) => Given = () => ({}),
): Promise<Migration> {
  for (let look = 0; look < 60; look += 1) {
    const open = (m: Migration) => m.tasks.find(({ state }) => state === 'open')
    const m = await move.until(what, (at) => wanted(at) || open(at) !== undefined)
    if (wanted(m)) return m
    const task = open(m)
    if (task !== undefined) expect(await carryOut(move, task, given(task))).toBe('taken')
  }
  throw new Error(`The move did not come to "${what}".`)
}

const lab = { profile: 'lab', trialRun: { seconds: 1 }, retention: { seconds: 1 } } as const
let moves = 0
async function launched(policy: Parameters<typeof trackedPlan>[1] = {}) {
  moves += 1
  const plan = trackedPlan(`oracle-${String(moves)}`, { ...lab, ...policy })
  return {
    plan,
    room: paper.of(plan.system),
    move: await Move.launch(temporal.env.client, database.pool, plan),
  }
}

const isReady = (m: Migration): boolean => m.phase === 'recognition' && m.report !== undefined
const isPrepared = (m: Migration): boolean =>
  m.step === undefined &&
  m.tasks.some(({ id, state }) => id.endsWith('-replicate-prepared') && state === 'closed')
async function toCutover(move: Move): Promise<void> {
  await goOn(move, 'report', isReady)
  await move.sign('owner')
  await move.sign('provider')
  await goOn(move, 'cutover', isPrepared)
}

describe('a tracked move', () => {
  it('goes through every phase by what people attest, asks no runner for anything, and wipes nothing by a release that is not signed', async () => {
    const { move, room } = await launched()
    await goOn(move, 'report', isReady)
    const before = await move.now()
    expect(before.rehearsal?.gates.map(({ name, passed }) => [name, passed])).toEqual([
      ['attested-comparison', true],
      ['attested-failed-share', true],
      ['attested-p95', true],
      ['attested-write-gap', true],
    ])
    expect(before.trialRun?.summary).toMatchObject({ attested: true, probes: 0, observedShare: 0 })
    const reports = new ReportStore(database.pool)
    const { text } = await reports.get(before.migration, before.report?.digest ?? '')
    expect(JSON.parse(text)).toMatchObject({
      tracked: {
        tool: 'Data Guard',
        attested: expect.arrayContaining([
          expect.objectContaining({
            task: '1-copy-to-staging-copied',
            figures: expect.objectContaining({ 'items-compared': '1200', 'done-by': '王工' }),
          }),
        ]),
      },
      methods: [expect.objectContaining({ method: 'tracked', isLossless: false })],
    })
    await move.sign('owner')
    await move.sign('provider')
    await goOn(move, 'cutover', isPrepared)
    await move.schedule(Date.now())
    await move.go()
    const kept = await goOn(move, 'retention', (m) => m.retention !== undefined)
    expect(kept.switches).toMatchObject([{ kind: 'cutover', result: { attested: true } }])
    expect(kept.switches[0]?.result.gapMs).toBeUndefined()
    expect(kept.retention?.wayBack).toMatchObject({
      state: 'attested',
      reasons: [{ code: 'way-back-attested', values: { loses: '割接以后写入的数据' } }],
    })
    expect(kept.retention?.untilMs).toBe((kept.switches[0]?.atMs ?? 0) + 1_000)
    await new Promise((resolve) => setTimeout(resolve, (kept.retention?.untilMs ?? 0) - Date.now() + 100))
    expect(await move.command('release-retention', actors.owner, { statement: 'go' })).toBe('taken')
    const m = await move.until('blocked', (at) => at.standing === 'blocked')
    expect(m.step).toMatchObject({ id: 'wipe', failure: { code: 'record-release-unsigned' } })
    expect(m.tasks.some(({ id }) => id.includes('close'))).toBe(false)
    expect(room.ran).toEqual([])
    expect(room.undone).toEqual([])
  }, 180_000)

  it('takes no task without evidence or figures, and no instant that is not', async () => {
    const { move } = await launched()
    const { tasks } = await move.until('first task', (m) => m.tasks.length > 0)
    const [task] = tasks
    if (task === undefined) throw new Error('no task')
    const complete = async (figures: Given, files = evidence) =>
      move.command('complete-task', actors.vendor, { task: task.id, note: 'x', evidence: files, figures })
    expect(await complete(figuresFor(task), [])).toBe('evidence-missing')
    expect(await complete({})).toBe('figures-missing')
    expect(await complete({ ...figuresFor(task), serves: 'new' })).toBe('figures-unknown')
    expect(await complete({ ...figuresFor(task), 'ended-at': 'yesterday' })).toBe('figures-unread')
    const later = new Date(Date.now() + 3_600_000).toISOString()
    expect(await complete({ ...figuresFor(task), 'ended-at': later })).toBe('figures-out-of-order')
  }, 180_000)

  it('misses a gate that what is attested does not reach, and says so', async () => {
    const { move } = await launched()
    const m = await goOn(
      move,
      'blocked',
      (at) => at.standing === 'blocked',
      () => ({ 'p95-ratio': '9' }),
    )
    expect(m.step).toMatchObject({ id: 'rehearse', failure: { code: 'gate-missed' } })
    expect(m.rehearsal?.gates.filter(({ passed }) => !passed)).toMatchObject([{ name: 'attested-p95' }])
  }, 180_000)

  it('whose people say that the old side serves has not been cut over, nor one switched before its window', async () => {
    const { move } = await launched()
    await toCutover(move)
    await move.schedule(Date.now())
    await move.go()
    const at = await move.until('switch', (m) => m.tasks.some(({ id }) => id.includes('cutover-1-switched')))
    const switching = at.tasks.find(({ id }) => id.includes('cutover-1-switched'))
    if (switching === undefined) throw new Error('no switch')
    const early = { 'began-at': new Date(Date.now() - 86_400_000).toISOString() }
    expect(await carryOut(move, switching, early)).toBe('switched-before-window')
    expect((await move.now()).switches).toEqual([])
    const back = await goOn(
      move,
      'aborted cutover',
      (m) => m.cutover === undefined,
      () => ({ serves: 'old' }),
    )
    expect(back.switches).toEqual([])
    expect(back.recognised).toBe(true)
    expect(back.tasks.map(({ id }) => id)).toContain('1-tracked-which-side-serves-1')
  }, 180_000)

  it('is rolled back by a task that says what is lost, and wants a fresh report and fresh signatures', async () => {
    const { move } = await launched()
    await toCutover(move)
    await move.schedule(Date.now())
    await move.go()
    await goOn(move, 'retention', (m) => m.retention !== undefined)
    expect(
      await move.command('roll-back', actors.operations, { reason: '支付失败', newSideGone: true }),
    ).toBe('tracked-not-by-engine')
    expect(await move.command('rearm-way-back', actors.operations, { reason: 'x' })).toBe(
      'tracked-not-by-engine',
    )
    expect(await move.command('roll-back', actors.operations, { reason: '支付失败' })).toBe('taken')
    const m = await goOn(
      move,
      'rolled back',
      (at) => at.round === 2,
      ({ id }) => (id.includes('rollback') ? { serves: 'old', lost: '12 条' } : {}),
    )
    expect(m.switches.map(({ kind }) => kind)).toEqual(['cutover', 'rollback'])
    expect(m.signoffs).toEqual([])
    expect(m.tasks.find(({ id }) => id.includes('switched-back'))?.figures).toMatchObject({ lost: '12 条' })
  }, 180_000)

  it('is aborted once people have said which side serves and cleared what there was', async () => {
    const { move, room } = await launched()
    await toCutover(move)
    await move.command('abort', actors.coordinator, { reason: '部门撤销' })
    const m = await goOn(
      move,
      'aborted',
      (at) => at.standing === 'aborted',
      () => ({ serves: 'old' }),
    )
    expect(m.tasks.filter(({ state }) => state === 'closed').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['1-tracked-which-side-serves-1', '1-tracked-staging-cleared']),
    )
    expect(room.undone).toEqual([])
  }, 180_000)

  it('asks with every task who did it, and when', () => {
    expect(figuresOf(undefined)).toEqual(['done-by', 'began-at', 'ended-at'])
  })
})
