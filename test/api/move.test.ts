import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { releaseTextOf } from '../../domain/move/rules/release.ts'
import { AuditLog } from '../../storage/audit.ts'
import { actors } from '../support/actors.ts'
import { movesOver, planPermitDesk } from '../support/api-move.ts'
import { signatureBy, type Person } from '../support/credentials.ts'
import { useMoves } from '../support/moves.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const { api } = useMoves()

const at = { system: 'permit-desk' }
const plan = samplePlanInput({
  policy: {
    ...samplePlanInput().policy,
    profile: 'lab',
    retention: { seconds: 6 },
    trialRun: { seconds: 1 },
    parties: ['owner', 'provider', 'coordinator'],
  },
})

beforeAll(async () => planPermitDesk(api, plan), 120_000)

const firstLaunch = { 'idempotency-key': 'launch-0001' }
const { look, until, finished, refusals, signoffOf, signatureOf, signed } = movesOver(api, at)

const openTask = (id: string) =>
  until(id, (m) => m.tasks.some((task) => task.id === id && task.state === 'open'))
const task = (id: string) => ({ migration: 'permit-desk', task: id })
const complete = (as: Person, id: string, evidence: unknown[] = []) =>
  api.call('completeTask', { as, params: task(id), body: { note: 'done as asked', evidence } })

describe('a move over the API', () => {
  it('is launched once, whoever asks how often', async () => {
    const call = {
      as: 'coordinator',
      body: { plan: plan.plan },
      headers: firstLaunch,
    } as const
    const launched = await api.call('launchMigration', call)
    expect(launched).toEqual({ migration: 'permit-desk-1', system: 'permit-desk', projected: true })
    expect(await api.call('launchMigration', call)).toEqual(launched)
    const again = await api.refused('launchMigration', { as: 'coordinator', body: { plan: plan.plan } })
    expect(again).toMatchObject({ status: 409, code: 'already-moving', migration: 'permit-desk-1' })
    expect(again.detail).toContain('"permit-desk-1"')
    const other = await api.refused('launchMigration', { as: 'otherCoordinator', body: { plan: plan.plan } })
    expect(other).toMatchObject({ status: 404, code: 'unknown-plan' })
  })

  it('shows that it is a lab’s, what it waits for, and where Temporal shows it', async () => {
    const m = await openTask('accept-findings')
    expect(m).toMatchObject({
      profile: 'lab',
      name: '许可受理',
      waitingFor: [{ code: 'task', roles: ['owner'] }],
    })
    expect(m.temporalUrl).toContain('workflows/migration%2Fpermit-desk')
    const { systems } = await api.call('listSystems', { as: 'auditor' })
    expect(systems).toMatchObject([{ system: 'permit-desk', state: 'moving', migration: 'permit-desk-1' }])
    const { migrations } = await api.call('listMigrations', { as: 'vendor' })
    expect(migrations).toMatchObject([{ migration: 'permit-desk-1', profile: 'lab' }])
  })

  it('is invisible to organisations without a part in it, as if it did not exist', async () => {
    const unknown = await api.refused('showMigration', { as: 'otherVendor', params: { system: 'nobody' } })
    for (const as of ['otherVendor', 'otherOwner', 'otherProvider'] as const) {
      const hidden = await api.refused('showMigration', { as, params: at })
      expect({ ...hidden, detail: '', values: {} }).toEqual({ ...unknown, detail: '', values: {} })
      for (const name of ['showSignoff', 'showReport', 'showRetention', 'listEvents'] as const) {
        expect(await api.refused(name, { as, params: at })).toMatchObject({
          status: 404,
          code: 'unknown-migration',
        })
      }
      expect(await api.call('listMigrations', { as })).toEqual({ migrations: [] })
      expect(await api.call('listTasks', { as, query: { all: 'true' } })).toEqual({ tasks: [] })
      expect(await api.call('listPlans', { as })).toEqual({ plans: [] })
      expect(await api.call('listSystems', { as })).toEqual({ systems: [] })
      const params = task('accept-findings')
      expect(await api.refused('showTask', { as, params })).toMatchObject({ status: 404 })
    }
    const params = task('accept-findings')
    expect(await api.refused('takeTask', { as: 'otherOwner', params })).toMatchObject({ status: 404 })
    const pause = { as: 'otherOperations', params: at, body: { reason: 'not mine' } } as const
    expect(await api.refused('pause', pause)).toMatchObject({ status: 404, code: 'unknown-migration' })
  })

  it('is paused and resumed, and refuses both twice', async () => {
    const pause = {
      as: 'operations',
      params: at,
      body: { reason: 'holiday' },
      headers: { 'idempotency-key': 'pause-0001' },
    } as const
    const answer = await api.call('pause', pause)
    expect(answer).toMatchObject({ migration: 'permit-desk-1', projected: true, requestId: 'pause-0001' })
    expect((await look()).standing).toBe('paused')
    expect(await api.call('pause', pause)).toEqual(answer)
    await refusals('pause', [[{ ...pause, body: { reason: 'a storm' } }, 422, 'request-id-reused']])
    await refusals('pause', [[{ ...pause, headers: {} }, 409, 'already-stopped']])
    await api.call('resume', { as: 'coordinator', params: at, body: {} })
    await refusals('resume', [[{ as: 'coordinator', params: at, body: {} }, 409, 'not-stopped']])
    await refusals('retryStep', [[{ as: 'operations', params: at, body: {} }, 409, 'no-blocked-step']])
  })

  it('gives its tasks to those they are for', async () => {
    const { tasks } = await api.call('listTasks', { as: 'owner' })
    expect(tasks.map((each) => each.task.id)).toEqual(['accept-findings'])
    expect(await api.call('listTasks', { as: 'vendor' })).toEqual({ tasks: [] })
    await refusals('completeTask', [
      [{ as: 'provider', params: task('accept-findings'), body: { note: 'mine?' } }, 403, 'not-your-task'],
      [{ as: 'owner', params: task('no-such-task'), body: { note: 'what?' } }, 404, 'unknown-task'],
    ])
    await api.call('takeTask', { as: 'owner', params: task('accept-findings') })
    await complete('owner', 'accept-findings')
    await openTask('approve-resources')
    await complete('provider', 'approve-resources')
    await openTask('adapt-code')
  })

  it('takes a vendor’s work with its evidence and its own signature, once it is really that', async () => {
    const bytes = Buffer.from('all tests passed\r\n\0')
    const digest = createHash('sha256').update(bytes).digest('hex')
    const file = await api.call('storeEvidence', {
      as: 'vendor',
      body: bytes,
      headers: { 'content-type': 'application/pdf', 'x-evidence-name': encodeURIComponent('测试记录.pdf') },
    })
    expect(file).toEqual({ name: '测试记录.pdf', digest, sizeBytes: bytes.length })
    expect(await api.refused('showEvidence', { as: 'owner', params: { digest } })).toMatchObject({
      status: 404,
    })
    const params = task('adapt-code')
    await refusals('completeTask', [
      [{ as: 'vendor', params, body: { note: 'done', evidence: [] } }, 422, 'evidence-missing'],
      [
        { as: 'vendor', params, body: { note: 'done', evidence: [{ ...file, sizeBytes: 1 }] } },
        400,
        'invalid-input',
      ],
      [
        { as: 'vendor', params, body: { note: 'done', evidence: [{ ...file, digest: 'a'.repeat(64) }] } },
        400,
        'invalid-input',
      ],
      [
        { as: 'vendor', params, body: { note: 'done', evidence: [{ ...file, name: '验收通过.pdf' }] } },
        400,
        'invalid-input',
      ],
    ])
    await complete('vendor', 'adapt-code', [file])
    const shown = await api.send('showEvidence', { as: 'owner', params: { digest } })
    expect(Buffer.from(shown.bytes).equals(bytes)).toBe(true)
    expect(shown.headers.get('content-disposition')).toMatch(/^attachment;.*%E6%B5%8B/)
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff')
    expect(shown.headers.get('content-type')).toBe('application/octet-stream')
    await signTask()
  })

  async function signTask(): Promise<void> {
    const params = task('adapt-code')
    const { toSign } = await api.call('showTask', { as: 'vendor', params })
    if (toSign === undefined) throw new Error('nothing to sign')
    const right = { ...signed('vendor', toSign.text, toSign.digest), signedText: toSign.text }
    const other = toSign.text.replace('done', 'gone')
    await refusals('signTask', [
      [
        { as: 'vendor', params, body: signed('vendor', toSign.text, toSign.digest, 'owner') },
        422,
        'other-key',
      ],
      [
        { as: 'vendor', params, body: { ...right, signature: signatureBy(api.people.owner, toSign.text) } },
        422,
        'wrong-signature',
      ],
      [{ as: 'vendor', params, body: signed('vendor', other, toSign.digest) }, 422, 'other-text'],
      [{ as: 'vendor', params, body: { ...right, digest: 'b'.repeat(64) } }, 409, 'other-digest'],
      [{ as: 'owner', params, body: right }, 403, 'not-your-task'],
    ])
    await api.call('signTask', { as: 'vendor', params, body: right })
  }

  it('sends a vendor’s work back with a reason, and takes it when it is done again', async () => {
    const params = task('adapt-code')
    await refusals('rejectTask', [
      [{ as: 'provider', params, body: { reason: 'not mine' } }, 403, 'not-your-task'],
    ])
    await api.call('rejectTask', {
      as: 'owner',
      params,
      body: { reason: 'the address is still in the code' },
    })
    const { task: back } = await api.call('showTask', { as: 'vendor', params })
    expect(back).toMatchObject({
      state: 'open',
      rejections: [{ reason: 'the address is still in the code' }],
    })
    const body = Buffer.from('second round')
    const file = await api.call('storeEvidence', { as: 'vendor', body, query: { name: 'again.txt' } })
    await complete('vendor', 'adapt-code', [file])
    const { toSign } = await api.call('showTask', { as: 'vendor', params })
    await api.call('signTask', { as: 'vendor', params, body: signed('vendor', toSign!.text, toSign!.digest) })
    await api.call('acceptTask', { as: 'owner', params })
  })

  it('freezes a report that comes back byte by byte as it was digested', async () => {
    const m = await until('report', (each) => each.phase === 'recognition' && each.report !== undefined)
    const report = await api.send('showReport', { as: 'owner', params: at })
    const digest = createHash('sha256').update(report.bytes).digest('hex')
    expect(digest).toBe(m.report?.digest)
    expect(report.headers.get('etag')).toBe(`"${digest}"`)
    expect(report.text).toContain('"lab"')
    expect(
      await api.refused('showReport', { as: 'owner', params: at, query: { digest: 'c'.repeat(64) } }),
    ).toMatchObject({
      status: 404,
      code: 'unknown-report',
    })
  })

  it('is recognised only by the right people, over the right digest, with the right key', async () => {
    const { text, digest } = await signoffOf('owner')
    const right = signed('owner', text, digest)
    const vendorText = text.replace('party: owner', 'party: vendor')
    await refusals('signReport', [
      [{ as: 'owner', params: at, body: { ...right, digest: 'd'.repeat(64) } }, 409, 'other-digest'],
      [{ as: 'owner', params: at, body: signed('owner', text, digest, 'provider') }, 422, 'other-key'],
      [
        { as: 'owner', params: at, body: { ...right, signature: signatureBy(api.people.provider, text) } },
        422,
        'wrong-signature',
      ],
      [{ as: 'owner', params: at, body: signed('owner', `${text} and more`, digest) }, 422, 'other-text'],
      [{ as: 'vendor', params: at, body: signed('vendor', vendorText, digest) }, 403, 'not-a-party'],
      [{ as: 'coordinator', params: at, body: signed('coordinator', text, digest) }, 403, 'launcher-signs'],
    ])
    expect((await signoffOf('coordinator')).refusal).toMatchObject({ code: 'launcher-signs' })
    const headers = { 'idempotency-key': 'sign-0001' }
    const taken = await api.call('signReport', { as: 'owner', params: at, body: right, headers })
    expect(await api.call('signReport', { as: 'owner', params: at, body: right, headers })).toEqual(taken)
    await refusals('signReport', [
      [
        { as: 'owner', params: at, body: { ...right, digest: 'd'.repeat(64) }, headers },
        422,
        'request-id-reused',
      ],
    ])
    const second = await signoffOf('secondOwner')
    await refusals('signReport', [
      [
        { as: 'secondOwner', params: at, body: signed('secondOwner', second.text, second.digest) },
        409,
        'already-signed',
      ],
      [{ as: 'otherOwner', params: at, body: right }, 404, 'unknown-migration'],
    ])
  })

  it('voids every signature when its report is amended', async () => {
    const before = await signoffOf('provider')
    await api.call('amendReport', {
      as: 'coordinator',
      params: at,
      body: { remark: 'incident of the 3rd added' },
    })
    const m = await until('second report', (each) => each.report?.version === 2)
    expect(m.signoffs).toEqual([])
    await refusals('signReport', [
      [
        { as: 'provider', params: at, body: signed('provider', before.text, before.digest) },
        409,
        'other-digest',
      ],
    ])
    for (const person of ['owner', 'provider', 'secondCoordinator'] as const) {
      const { text, digest } = await signoffOf(person)
      await api.call('signReport', { as: person, params: at, body: signed(person, text, digest) })
    }
    const { recognised, parties } = await api.call('showSignoff', { as: 'auditor', params: at })
    expect(recognised).toBe(true)
    expect(parties.map(({ party, signoff }) => [party, signoff?.keyId])).toEqual([
      ['owner', api.people.owner.keyId],
      ['provider', api.people.provider.keyId],
      ['coordinator', api.people.secondCoordinator.keyId],
    ])
  })

  it('is cut over in a window that lies ahead, and on a go', async () => {
    await finished('start-replication')
    const window = (startsInMs: number, lengthMs: number) => ({
      startsAt: new Date(Date.now() + startsInMs).toISOString(),
      endsAt: new Date(Date.now() + startsInMs + lengthMs).toISOString(),
    })
    const as = 'operations'
    await refusals('scheduleCutover', [
      [{ as, params: at, body: window(-7_200_000, 3_600_000) }, 422, 'window-refused'],
      [{ as, params: at, body: window(60_000, -60_000) }, 422, 'window-refused'],
      [{ as, params: at, body: window(60_000, 1_000) }, 422, 'window-refused'],
    ])
    await refusals('decideCutover', [[{ as, params: at, body: { decision: 'go' } }, 409, 'no-cutover']])
    await api.call('scheduleCutover', { as, params: at, body: window(0, 3_600_000) })
    await until('decision', (m) => m.waitingFor.some(({ code }) => code === 'cutover-decision'))
    await api.call('decideCutover', { as, params: at, body: { decision: 'go', reason: 'all quiet' } })
    const m = await until('retention', (each) => each.retention !== undefined)
    expect(m.downtime).toMatchObject({ totalMs: 42, switches: [{ kind: 'cutover', gapMs: 42 }] })
  })

  it('keeps the old side until its time, and lets only the owner release it', async () => {
    const statement = 'no longer needed'
    const m = await look()
    const text = releaseTextOf(m, { by: actors.owner, statement })
    const sign = (by: Person, signedText: string) => ({ statement, ...signatureOf(by, signedText) })
    const body = sign('owner', text)
    await refusals('releaseRetention', [
      [{ as: 'owner', params: at, body }, 409, 'before-retention-end'],
      [{ as: 'owner', params: at, body: { statement } }, 400, 'invalid-input'],
    ])
    expect(await api.call('showRetention', { as: 'owner', params: at })).toMatchObject({
      state: 'running',
      profile: 'lab',
    })
    await until('end of time', (m) => m.waitingFor.some(({ code }) => code === 'retention-release'))
    expect(await api.call('showRetention', { as: 'owner', params: at })).toMatchObject({
      state: 'time-reached',
    })
    const other = text.replace('no longer needed', 'wipe all of it')
    await refusals('releaseRetention', [
      [{ as: 'owner', params: at, body: sign('provider', text) }, 422, 'other-key'],
      [{ as: 'owner', params: at, body: sign('owner', other) }, 422, 'other-text'],
      [
        { as: 'owner', params: at, body: { ...body, signature: sign('owner', other).signature } },
        422,
        'wrong-signature',
      ],
    ])
    await api.call('releaseRetention', { as: 'owner', params: at, body })
    await openTask('record-hardware')
    await refusals('rollBack', [
      [{ as: 'operations', params: at, body: { reason: 'too late' } }, 409, 'nothing-to-roll-back'],
    ])
    for (const id of ['record-hardware', 'revise-rules']) await complete('owner', id)
    await until('end', (m) => m.standing === 'closed')
  })

  it('gives what its events name by digest to whoever may read it, to be checked against the digest', async () => {
    const { assessment, rehearsal, disposal } = await look()
    for (const digest of [assessment?.findingsDigest, disposal?.proofDigest, rehearsal?.evidenceDigest]) {
      if (digest === undefined) throw new Error('a closed move has been rehearsed and wiped')
      const params = { ...at, digest }
      for (const as of ['owner', 'auditor'] as const) {
        const fact = await api.send('showFact', { as, params })
        expect(createHash('sha256').update(fact.bytes).digest('hex')).toBe(digest)
        expect(fact.headers.get('etag')).toBe(`"${digest}"`)
      }
      const hidden = { status: 404, code: 'unknown-migration' }
      expect(await api.refused('showFact', { as: 'otherOwner', params })).toMatchObject(hidden)
    }
    const notNamed = { ...at, digest: 'c'.repeat(64) }
    expect(await api.refused('showFact', { as: 'owner', params: notNamed })).toMatchObject({
      status: 404,
      code: 'unknown-facts',
    })
  })

  it('takes no command once it is closed, and the system can then be moved anew', async () => {
    const over = { as: 'operations', params: at, body: { reason: 'too late' } } as const
    await refusals('rollBack', [[over, 409, 'migration-over']])
    await refusals('pause', [[over, 409, 'migration-over']])
    const repeated = { as: 'coordinator', body: { plan: plan.plan }, headers: firstLaunch } as const
    expect((await api.call('launchMigration', repeated)).migration).toBe('permit-desk-1')
    const anew = await api.call('launchMigration', { as: 'coordinator', body: { plan: plan.plan } })
    expect(anew.migration).toBe('permit-desk-2')
    const old = { ...over, params: { system: 'permit-desk-1' } }
    expect(await api.refused('pause', old)).toMatchObject({ status: 409, code: 'migration-over' })
    await api.call('abort', { as: 'coordinator', params: at, body: { reason: 'only a test' } })
    await until('abort', (m) => m.standing === 'aborted')
  })

  it('leaves every event and every refusal in the audit log, which holds together', async () => {
    expect(await api.call('verifyAudit', { as: 'auditor' })).toMatchObject({ verified: true })
    const lines = await new AuditLog(api.pool).list(0, 10_000)
    const codes = new Set(
      lines.filter(({ entry }) => entry.kind === 'refusal').map(({ entry }) => entry.detail['code']),
    )
    const refused = ['launcher-signs', 'wrong-signature', 'before-retention-end', 'already-moving']
    for (const code of [...refused, 'unknown-migration']) expect(codes).toContain(code)
    const { events } = await api.call('listEvents', { as: 'auditor', params: { system: 'permit-desk-1' } })
    const recorded = lines.filter(({ entry }) => entry.subject === 'permit-desk-1' && entry.kind === 'event')
    expect(recorded).toHaveLength(events.length)
    expect(new Set(recorded.map(({ entry }) => entry.detail['profile']))).toEqual(new Set(['lab']))
    const exported = await api.send('exportAudit', { as: 'auditor' })
    expect(exported.text.trimEnd().split('\n')).toHaveLength(lines.length)
  })
})
