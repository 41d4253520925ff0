import { beforeAll, describe, expect, it } from '@jest/globals'
import { startWorkers, makeNamespace } from '../support/orchestrator.ts'
import { useApi } from '../support/api.ts'
import { planPermitDesk } from '../support/api-move.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { useTemporal } from '../support/temporal.ts'
import type { Client } from '@temporalio/client'

const temporal = useTemporal()
let client: Client
const api = useApi(
  async () => {
    client = await makeNamespace(temporal)
    return { client, close: async () => undefined }
  },
  { commandTimeoutMs: 2_000, projectionTimeoutMs: 300 },
)

beforeAll(async () => {
  await planPermitDesk(api, samplePlanInput())
})

describe('without a worker', () => {
  it('a launch is taken and says that it cannot be read yet, a second one is refused', async () => {
    const call = { as: 'coordinator', body: { plan: 'permit-desk-plan' } } as const
    expect(await api.call('launchMigration', call)).toMatchObject({
      migration: 'permit-desk-1',
      projected: false,
    })
    const second = await api.refused('launchMigration', call)
    expect(second).toMatchObject({ status: 409, code: 'already-moving', migration: 'permit-desk-1' })
  })

  it('a playbook is linted, and the schema of playbooks given', async () => {
    const text = `playbook: x
title: { zh: 一, en: one }
steps:
  - { id: a, kind: conjure }
  - { id: copy, kind: postgres-copy, with: { from: source, to: nowhere } }
  - { id: wait, kind: http-check, with: { url: not a url, expect: 'json.n >' } }`
    const { problems } = await api.call('lintPlaybook', { as: 'vendor', body: { text } })
    const said = problems.map(({ path, message }) => `${path} ${message}`).join('\n')
    expect(said).toMatch(/steps\.a\.kind is the unknown kind "conjure"/)
    expect(said).toMatch(/steps\.copy\.with is "nowhere", a database nothing binds/)
    expect(said).toMatch(/steps\.wait\.with\.expect is no CEL expression/)

    const schema = await api.call('playbookSchema', { as: 'auditor' })
    expect(JSON.stringify(schema)).toContain('"const":"postgres-switchover"')
  })

  it('a plan of another system that names the same places is refused, naming the move that has them', async () => {
    const asCoordinator = { as: 'coordinator' } as const
    const twin = {
      system: 'permit-twin',
      name: '许可受理二',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }
    const body = { ...samplePlanInput(), plan: 'permit-twin-plan', system: 'permit-twin' }
    await api.call('importSystems', { ...asCoordinator, body: [twin] })
    const refused = await api.refused('createPlan', { ...asCoordinator, body })
    expect(refused).toMatchObject({ status: 400, code: 'invalid-input' })
    expect(refused.problems).toContainEqual(
      expect.objectContaining({
        path: 'datasets.database.source',
        message: expect.stringContaining(
          'which the move "permit-desk-1" by the plan "permit-desk-plan" works on',
        ),
      }),
    )
  })

  it('a command that nobody answers is not lost: sent again with its key it is carried out once', async () => {
    let stop = await startWorkers(temporal, client.options.namespace, api)
    try {
      const at = { system: 'permit-desk' }
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await api.send('showMigration', { as: 'auditor', params: at })).status === 200) break
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      await stop()
      const pause = {
        as: 'operations',
        params: at,
        body: { reason: 'worker is away' },
        headers: { 'idempotency-key': 'pause-while-away' },
      } as const
      const late = await api.refused('pause', pause)
      expect(late).toMatchObject({ status: 503, code: 'not-answered-in-time' })
      expect(late.detail).toContain('Idempotency-Key')
      stop = await startWorkers(temporal, client.options.namespace, api)
      let answer = await api.send('pause', pause)
      for (let tries = 0; tries < 20 && answer.status === 503; tries += 1)
        answer = await api.send('pause', pause)
      expect(answer.status).toBe(202)
      expect((await api.send('pause', pause)).json).toMatchObject({
        sequence: (answer.json as { sequence: number }).sequence,
      })
      const { events } = await api.call('listEvents', { as: 'auditor', params: at })
      expect(events.filter(({ type }) => type === 'paused')).toHaveLength(1)
    } finally {
      await stop()
    }
  }, 90_000)
})
