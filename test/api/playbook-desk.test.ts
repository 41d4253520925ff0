import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { createDeskActivities } from '../../activities/desk.ts'
import { createPlaybookActivities } from '../../activities/playbook.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import { SecretStore } from '../../config/secrets.ts'
import { createRunner } from '../../runner/runner.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { FactStore } from '../../storage/facts.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { switchedHistory } from '../storage/history.ts'
import { useApi } from '../support/api.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { planPermitDesk } from '../support/api-move.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { useTemporal } from '../support/temporal.ts'

const temporal = useTemporal()
let client: Client
let stopWorkers: (() => Promise<void>) | undefined
const hostPool = new HostPool()
const playbooksFolder = join(import.meta.dirname, '../../playbooks')
const api = useApi(
  async () => {
    client = await makeNamespace(temporal)
    return { client, close: async () => undefined }
  },
  { playbooksFolder },
)

beforeAll(async () => {
  const journal = new StepJournalStore(api.pool)
  const runner = createRunner({
    secrets: new SecretStore('/nonexistent', { QIANYUN_SECRET_SSH_KEY: 'not a key' }),
    journal,
    playbooks: new PlaybookStore(playbooksFolder),
    hostPool,
  })
  const facts = new FactStore(api.pool)
  const activities = {
    ...createDeskActivities({ runner, facts }),
    ...createPlaybookActivities({ runner, journal, facts }),
  }
  stopWorkers = await startWorkers(temporal, client.options.namespace, api, { activities })
  await planPermitDesk(api, samplePlanInput())
}, 120_000)

afterAll(async () => {
  await stopWorkers?.()
  await hostPool.close()
}, 60_000)

async function endOf(run: string) {
  for (;;) {
    const view = await api.call('showPlaybookRun', { as: 'operations', params: { run } })
    if (view.state !== 'running') return view
    await sleep(50)
  }
}

const lint = (text: string) => api.call('lintPlaybook', { as: 'vendor', body: { text } })

describe('the playbook desk', () => {
  it('gives the schema editors check playbooks with', async () => {
    const schema = await api.call('playbookSchema', { as: 'auditor' })
    expect(schema).toMatchObject({ type: 'object', properties: { playbook: { type: 'string' } } })
  })

  it('gives the schema editors check plans with, each side of a dataset as its family has it', async () => {
    const schema = (await api.call('planSchema', { as: 'vendor' })) as unknown as {
      properties: { datasets: { additionalProperties: { allOf: readonly unknown[] } } }
    }
    expect(schema).toMatchObject({ type: 'object', properties: { version: { const: 2 } } })
    const place = (family: string, properties: Record<string, unknown>) => ({
      if: { properties: { family: { const: family } } },
      then: { properties: { target: { type: 'object', properties } } },
    })
    expect(schema.properties.datasets.additionalProperties.allOf).toMatchObject([
      place('commands', { paths: { type: 'array' }, values: { type: 'object' } }),
      place('files', { path: { type: 'string' } }),
      place('mysql', { appUsers: { type: 'array' }, appSecret: { type: 'string' } }),
      place('postgresql', { database: { type: 'string' }, appSecret: { type: 'string' } }),
    ])
  })

  it.each([
    [
      'of an unknown kind',
      'playbook: x\ntitle: { zh: 一, en: one }\nsteps: [{ id: a, kind: conjure }]',
      /conjure/,
    ],
    [
      'that is no list of steps',
      'playbook: x\ntitle: { zh: 一, en: one }\nsteps: nothing',
      /steps|list|array/,
    ],
    [
      'that is a YAML bomb',
      `a: &a [x]\n${Array.from({ length: 60 }, (_, n) => `b${n}: [*a,*a,*a,*a]`).join('\n')}`,
      /./,
    ],
  ])('names the problems of a playbook %s', async (_, text, says) => {
    const { problems } = await lint(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.map(({ path, message }) => `${path} ${message}`).join('; ')).toMatch(says)
  })

  it('answers each of two questions at once by itself, though both come under one key', async () => {
    const headers = { 'idempotency-key': 'lint-0001' }
    const texts = ['playbook: [', 'playbook: x\ntitle: { zh: 一, en: one }\nsteps: nothing']
    const answers = await Promise.all(
      texts.map((text) => api.call('lintPlaybook', { as: 'vendor', body: { text }, headers })),
    )
    const alone = await Promise.all(texts.map(lint))
    expect(answers).toEqual(alone)
  })

  it('says why a dry run could not look at the hosts', async () => {
    const problem = await api.refused('planPlaybook', {
      as: 'operations',
      params: { name: 'permit-desk-deploy' },
      body: { plan: 'permit-desk-plan', hosts: { here: 'target' }, databases: { there: 'target' } },
    })
    expect(problem.status).toBe(422)
    expect(problem.code).toMatch(/^[a-z-]+$/)
    expect(problem.detail.length).toBeGreaterThan(20)
  })

  it.each([
    ['system-cutover', /"switch-database[^"]*" \(postgres-switchover\)/],
    ['system-rollback', /postgres-switchover/],
    ['system-close', /"disarm[^"]*" \(postgres-disarm\), "wipe-[^"]+" \(wipe\)/],
    ['postgresql-copy', /postgres-copy/],
    ['postgresql-replicate', /postgres-replicate/],
    ['postgresql-rehearsal', /postgres-rehearse/],
  ])('runs nothing of "%s" outside a move', async (name, names) => {
    const problem = await api.refused('runPlaybook', {
      as: 'operations',
      params: { name },
      body: {
        plan: 'permit-desk-plan',
        hosts: { from: 'source', to: 'target' },
        databases: { from: 'source', to: 'target' },
      },
    })
    expect(problem).toMatchObject({ status: 422, code: 'only-in-move' })
    expect(problem.detail).toMatch(names)
  })

  it('switches for a move whose workflow is gone, by that move’s own playbooks, and does nothing else of a move', async () => {
    const { content } = await api.call('showPlan', { as: 'auditor', params: { plan: 'permit-desk-plan' } })
    const [launched, ...rest] = switchedHistory('permit-desk-1')
    if (launched?.type !== 'launched') throw new Error('a history begins with its launch')
    const data = { ...launched.data, plan: content }
    await new MigrationStore(api.pool).append([{ ...launched, data }, ...rest])
    const run = (name: string) => ({
      as: 'operations' as const,
      params: { name },
      body: {
        plan: 'permit-desk-plan',
        hosts: { from: 'target', to: 'source' },
        databases: { from: 'target', to: 'source' },
      },
    })
    const { runId } = await api.call('runPlaybook', run('system-rollback'))
    const ended = await endOf(runId)
    expect(ended).toMatchObject({ state: 'failed', failure: { code: 'host-key-not-pinned' } })
    const at = ended.steps.find(({ step }) => step === ended.failure?.step)
    expect(at).toMatchObject({ state: 'failed', error: ended.failure?.message })
    expect(await api.refused('runPlaybook', run('system-close'))).toMatchObject({ code: 'only-in-move' })
  })
})
