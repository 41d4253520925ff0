import { describe, expect, it } from '@jest/globals'
import { releaseTextOf } from '../../domain/move/rules/release.ts'
import { said } from '../../domain/words/said.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../support/actors.ts'
import { movesOver } from '../support/api-move.ts'
import { useCli } from '../support/cli.ts'
import { useMoves } from '../support/moves.ts'
import { type Act, acts, recordMove } from '../support/recorded-moves.ts'
import { until } from '../support/until.ts'

const { api, room, client } = useMoves()
const cli = useCli(api)
const reason = 'its history was lost'
const store = () => new MigrationStore(api.pool)
const typesOf = async (migration: string) => (await store().events(migration)).map(({ type }) => type)
const recover = (system: string) => ({ as: 'operations', params: { system }, body: { reason } }) as const
const recovered = async (system: string) => api.call('recoverMove', recover(system))
/** Ends a workflow as an administrator of Temporal does, once it waits. */
async function terminate(system: string): Promise<void> {
  const workflow = client().workflow.getHandle(`migration/${system}`)
  await until(async () => {
    const { raw } = await workflow.describe()
    return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask
  })
  await workflow.terminate('cleaning up')
}
const waitsFor = (system: string) => movesOver(api, { system })

describe('a move whose workflow is lost in retention', () => {
  const system = 'kept-desk'
  const lost: Act = {
    emit: 'way-back-changed',
    data: { state: 'lost', reasons: [said('reverse-slot-missing')] },
  }

  it('shows what carrying it on does, and does it by a word of operations', async () => {
    await recordMove(api, system, [...acts.retention, lost])
    room.of(system).sides = { old: 'closed', new: 'open' }
    const shown = await cli.as('operations', 'migration', 'show', system)
    expect(shown.stdout).toContain(`qianyun migration recover ${system}`)
    for (const [lang, texts] of [
      ['en', ['Temporal knows no workflow', 'new side, ', 'open', 'the retention counts from the cutover']],
      ['zh', ['Temporal 中没有此次迁移的工作流', '保留期仍自割接起算']],
    ] as const) {
      const asked = await cli.run([
        ...['migration', 'recover', system, '--reason', reason],
        ...['--context', 'operations', '--lang', lang],
      ])
      expect(asked.exitCode).toBe(2)
      for (const text of texts) expect(asked.stderr).toContain(text)
    }
    expect(await typesOf(`${system}-1`)).not.toContain('recovered')
    const done = await cli.as('operations', 'migration', 'recover', system, '--reason', reason, '--yes')
    expect(done.stdout).toContain('carried on from its record')
    const m = await waitsFor(system).look()
    expect(m).toMatchObject({ standing: 'moving', phase: 'retention', wayBack: 'lost' })
    expect(m.waitingFor.map(({ code }) => code)).toEqual(['way-back-lost', 'retention-release'])
    expect((await store().events(`${system}-1`)).at(-1)).toMatchObject({
      type: 'recovered',
      actor: actors.operations,
      data: { reason, end: { how: 'gone' }, sides: { old: 'closed', new: 'open' } },
    })
    // The same again changes nothing; of anybody else it is refused, since the move runs.
    const { sequence } = await recovered(system)
    expect(sequence).toBe(m.sequence)
    expect(
      await api.refused('recoverMove', { ...recover(system), body: { reason: 'another' } }),
    ).toMatchObject({
      code: 'move-runs',
    })
  }, 60_000)

  it('has its old side seeded anew by the ordinary command', async () => {
    const { until: comes } = waitsFor(system)
    await api.call('rearmWayBack', { as: 'operations', params: { system }, body: { reason: 'lost' } })
    await comes('seeded', (m) => m.rearm === undefined && m.step === undefined)
    expect(await typesOf(`${system}-1`)).toContain('way-back-rearmed')
  }, 60_000)

  it('goes on also after its end was acknowledged, to the release and the wiping, and through that', async () => {
    const { look, until: comes } = waitsFor(system)
    await terminate(system)
    const end = await api.call('acknowledgeEnd', recover(system))
    expect(end).toMatchObject({ serves: 'new' })
    const shown = await cli.as('operations', 'migration', 'show', system)
    expect(shown.stdout).toContain(`qianyun migration recover ${system}`)
    await recovered(system)
    await comes('retention', (m) => m.standing === 'moving' && m.phase === 'retention')
    const statement = 'remove it'
    const text = releaseTextOf(await store().get(`${system}-1`), { by: actors.owner, statement })
    const body = { statement, ...waitsFor(system).signatureOf('owner', text) }
    await api.call('releaseRetention', { as: 'owner', params: { system }, body })
    await comes('wiped', (m) => m.tasks.some(({ kind }) => kind === 'revise-rules'))
    await terminate(system)
    room.of(system).ran.length = 0
    await recovered(system)
    for (const { id, state } of (await look()).tasks)
      if (state === 'open')
        await api.call('completeTask', {
          as: 'owner',
          params: { migration: system, task: id },
          body: { note: 'done' },
        })
    await comes('closed', (m) => m.standing === 'closed')
    expect(room.of(system).ran).toEqual([])
    const types = await typesOf(`${system}-1`)
    expect(types.filter((type) => type === 'wiped')).toHaveLength(1)
    expect(await api.refused('recoverMove', recover(system))).toMatchObject({ code: 'migration-over' })
  }, 60_000)
})

describe('a move whose workflow is lost in a cutover', () => {
  it('is settled first: with both sides closed one is opened, and the go of before does not count', async () => {
    const system = 'cut-desk'
    const migration = await recordMove(api, system, acts.switching)
    const paper = room.of(system)
    paper.sides = { old: 'closed', new: 'closed' }
    paper.settleFails = 'pair-unsettled'
    await recovered(system)
    const { until: comes } = waitsFor(system)
    const blocked = await comes('blocked', (m) => m.step?.failure !== undefined)
    expect(blocked.step).toMatchObject({ id: 'look-at-sides', failure: { code: 'sides-unclear' } })
    // All that leads on from there does: another try, and settling by a command of its own.
    await api.call('retryStep', { as: 'operations', params: { system }, body: {} })
    await comes('blocked again', (m) => m.step?.failure !== undefined && m.sequence > blocked.sequence + 1)
    paper.settleFails = undefined
    await api.call('settleCutover', { as: 'operations', params: { system }, body: { reason: 'it is back' } })
    const m = await comes('set window', ({ waitingFor }) =>
      waitingFor.some(({ code }) => code === 'cutover-schedule'),
    )
    expect(m).toMatchObject({ phase: 'cutover', standing: 'moving' })
    expect(m.cutover).toBeUndefined()
    expect(paper.sides.old).toBe('open')
    expect(paper.ran).toEqual(['replicate'])
    const events = await store().events(migration)
    expect(events.find(({ type }) => type === 'cutover-aborted')?.actor).toEqual(actors.operations)
    expect((await api.call('verifyAudit', { as: 'auditor' })).verified).toBe(true)
  }, 60_000)

  it('goes on with the new side where that is found to serve, and does the rest of the switch', async () => {
    const system = 'over-desk'
    await recordMove(api, system, acts.switching)
    const paper = room.of(system)
    paper.sides = { old: 'closed', new: 'open', switched: { gapMs: 900, generation: 1, anatomyMs: {} } }
    await recovered(system)
    const m = await waitsFor(system).until('retention', (at) => at.retention !== undefined)
    expect(m.switches).toMatchObject([{ kind: 'cutover', result: { gapMs: 900 } }])
    expect(paper.ran).toContain('cutover-1')
  }, 60_000)

  it('is aborted where that was asked for, with the old side serving', async () => {
    const system = 'given-up-desk'
    await recordMove(api, system, [
      ...acts.switching,
      { emit: 'abort-requested', data: { reason: 'enough' } },
    ])
    room.of(system).sides = { old: 'closed', new: 'closed' }
    await recovered(system)
    await waitsFor(system).until('aborted', (m) => m.standing === 'aborted')
    expect(room.of(system).sides.old).toBe('open')
    expect(room.of(system).undone[0]).toContain('/replicate')
  }, 60_000)
})

describe('a move whose workflow is lost in a rollback', () => {
  it.each<[string, string, readonly Act[], readonly string[]]>([
    ['that has not switched yet', 'back-desk', [], ['cutover', 'rollback']],
    [
      'that has switched, with the rest of it to do',
      'rest-desk',
      [
        {
          emit: 'rolled-back',
          data: { result: { gapMs: 1, generation: 2, anatomyMs: {} }, to: 'trial-run' },
        },
      ],
      ['cutover', 'rollback'],
    ],
  ])(
    '%s is rolled back, once, and people take note of it',
    async (_, system, more, switches) => {
      const asked: Act = {
        command: { name: 'roll-back', reason: 'payment fails' },
        actor: actors.operations,
      }
      await recordMove(api, system, [...acts.retention, asked, ...more])
      const paper = room.of(system)
      paper.sides = more.length > 0 ? { old: 'open', new: 'closed' } : { old: 'closed', new: 'open' }
      await recovered(system)
      const m = await waitsFor(system).until('second round', (at) => at.round === 2)
      expect(m.switches.map(({ kind }) => kind)).toEqual(switches)
      expect(paper.ran[0]).toBe('rollback-1')
      expect(m.tasks.map(({ kind }) => kind)).toContain('acknowledge-rollback')
      expect(m.retention).toBeUndefined()
    },
    60_000,
  )
})

describe('a move whose workflow is lost before its cutover', () => {
  it('does not record hosts anew whose keys wait to be approved', async () => {
    const system = 'early-desk'
    const hosts = { target: { address: '127.0.0.13', fingerprint: `SHA256:${'B'.repeat(43)}` } }
    await recordMove(api, system, [
      { emit: 'phase-entered', data: { phase: 'resourcing', round: 1 } },
      { emit: 'hosts-recorded', data: { hosts } },
      {
        emit: 'task-opened',
        data: {
          task: {
            id: 'approve-resources',
            kind: 'approve-resources',
            title: { zh: '批准', en: 'Approve' },
            assignee: { role: 'provider', organisation: 'city-cloud' },
            wantsEvidence: false,
            wantsSignature: false,
            details: {},
            state: 'open',
            evidence: [],
            rejections: [],
          },
        },
      },
    ])
    await recovered(system)
    const task = { migration: system, task: 'approve-resources' }
    await api.call('completeTask', { as: 'provider', params: task, body: { note: 'they are right' } })
    const m = await waitsFor(system).until('adaptation', (at) => at.phase === 'adaptation')
    expect(m.hostKeys).toEqual({ target: hosts.target.fingerprint })
  }, 60_000)

  it('does not watch a trial run again that is over on record', async () => {
    const system = 'tried-desk'
    const summary = {
      ...{ startedAtMs: 1, endedAtMs: 2, probes: 9, failures: 0, availability: 1, observedShare: 1 },
      ...{ longestOutageMs: 0, incidents: 0 },
    }
    await recordMove(api, system, [
      { emit: 'phase-entered', data: { phase: 'trial-run', round: 1 } },
      { emit: 'trial-run-started', data: { untilMs: 2 } },
      { emit: 'trial-run-finished', data: { summary } },
    ])
    room.of(system).watched = false
    await recovered(system)
    const m = await waitsFor(system).until('recognition', (at) => at.phase === 'recognition')
    expect(m.trialRun?.summary).toEqual(summary)
  }, 60_000)
})

describe('carrying a move on from its record', () => {
  it('is refused where its sides were switched past the record, and where its end is acknowledged at the old one', async () => {
    const system = 'past-desk'
    await recordMove(api, system, acts.retention)
    room.of(system).sides = { old: 'open', new: 'closed' }
    const contrary = await api.refused('recoverMove', recover(system))
    expect(contrary).toMatchObject({ status: 409, code: 'record-not-as-found' })
    expect(contrary.detail).toContain(`qianyun migration acknowledge-end ${system}`)
    await api.call('acknowledgeEnd', recover(system))
    expect(await api.refused('recoverMove', recover(system))).toMatchObject({ code: 'ended-on-old-side' })
  }, 60_000)

  it('is given again where it was recorded and its workflow never began, and is recorded once', async () => {
    const system = 'twice-desk'
    const migration = await recordMove(api, system, acts.retention)
    room.of(system).sides = { old: 'closed', new: 'open' }
    const { sequence } = await store().get(migration)
    const end = { how: 'gone', by: '', reason: '' } as const
    await store().recover({
      ...{ migration, sequence: sequence + 1, atMs: 1, actor: actors.operations, type: 'recovered' },
      data: { end, reason, sides: { old: 'closed', new: 'open' } },
    })
    expect(await recovered(system)).toMatchObject({ sequence: sequence + 1 })
    const pause = { as: 'operations', params: { system }, body: { reason: 'holiday' } } as const
    expect(await api.call('pause', pause)).toMatchObject({ sequence: sequence + 2 })
  }, 60_000)

  it('is refused where another move has taken its places since its end was acknowledged', async () => {
    await recordMove(api, 'left-desk', acts.retention)
    room.of('left-desk').sides = { old: 'closed', new: 'open' }
    await api.call('acknowledgeEnd', recover('left-desk'))
    const { plan } = await store().get('left-desk-1')
    await recordMove(api, 'next-desk', acts.cutover, { hosts: plan.hosts, datasets: plan.datasets })
    expect(await api.refused('recoverMove', recover('left-desk'))).toMatchObject({ code: 'places-taken' })
    expect((await store().get('left-desk-1')).standing).toBe('ended-outside')
  }, 60_000)

  it('waits for the playbook of before to have ended', async () => {
    const system = 'busy-desk'
    await recordMove(api, system, acts.switching)
    room.of(system).sides = { old: 'open', new: 'closed' }
    const playbook = await client().workflow.start('playbook', {
      workflowId: `playbook/${system}-1/1/cutover-1/1.0`,
      taskQueue: 'nobody-works-here',
    })
    await until(async () => {
      const listed = client().workflow.list({ query: `WorkflowId = '${playbook.workflowId}'` })
      for await (const { status } of listed) return status.name === 'RUNNING'
      return false
    })
    expect(await api.refused('recoverMove', recover(system))).toMatchObject({ code: 'playbook-runs' })
    await playbook.terminate()
    await until(async () =>
      recovered(system).then(
        () => true,
        () => false,
      ),
    )
  }, 60_000)
})
