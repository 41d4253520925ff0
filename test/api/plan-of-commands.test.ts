import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { PlanInputV2 } from '../../domain/plan/plan.ts'
import { useApi } from '../support/api.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const api = useApi(undefined, { playbooksFolder: join(import.meta.dirname, '../../playbooks') })
const asCoordinator = { as: 'coordinator' } as const

beforeAll(async () => {
  const system = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { ...asCoordinator, body: [system] })
})

/** A plan whose one dataset is moved by commands; `side` is what its places have besides. */
function planInput(plan: string, side: object = {}): PlanInputV2 {
  const input = samplePlanInput({ plan })
  const hosts = Object.fromEntries(Object.entries(input.hosts).map(([name, { role }]) => [role, name]))
  const place = (role: string) => ({
    host: hosts[role] ?? '',
    paths: [`/srv/register-${role}/data`],
    ...side,
  })
  const http = Object.entries(input.endpoints).filter(([, { kind }]) => kind === 'http')
  return {
    ...input,
    datasets: {
      entries: {
        family: 'commands',
        source: { ...place('source'), without: ['take'] },
        staging: place('staging'),
        target: place('target'),
      },
    },
    endpoints: {
      ...Object.fromEntries(http),
      entries: { kind: 'none', fronts: 'entries', clients: [] },
    },
    playbooks: {
      deploy: 'register-deploy',
      copy: 'commands-copy',
      rehearse: 'commands-rehearsal',
      replicate: 'commands-replicate',
      cutover: 'system-cutover',
      afterCutover: 'system-after-cutover',
      rollback: 'system-rollback',
      close: 'system-close',
    },
  }
}

describe('a plan of data that is moved by commands', () => {
  it('is kept with the commands of its playbook, but for those a side is without', async () => {
    const { content } = await api.call('createPlan', { ...asCoordinator, body: planInput('by-commands') })
    const { source, target } = content.datasets['entries'] ?? {}
    expect(target?.['scripts']).toMatchObject({
      'is-stopped': `sv status "$QY_SERVICE" | grep -q '^down:'\n`,
    })
    expect(Object.keys(source?.['scripts'] as object).sort()).toEqual(
      ['give', 'is-running', 'is-stopped', 'measure', 'start', 'stop'].sort(),
    )
  })

  it('says how each of its datasets crosses, and holds what the ledger accepts', async () => {
    const system = {
      system: 'permit-desk',
      name: '许可受理',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
      acceptableDowntimeHours: '30分钟',
    }
    await api.call('importSystems', { ...asCoordinator, body: [system] })
    const made = await api.call('createPlan', { ...asCoordinator, body: planInput('says-its-methods') })
    expect(made.methods).toMatchObject([
      {
        dataset: 'entries',
        method: 'commands-as-left',
        because: { code: 'method-for-commands' },
        wayBack: { code: 'back-as-left' },
        isLossless: false,
      },
    ])
    expect(made.content.ledger).toEqual({ acceptableDowntimeHours: 0.5 })
    const body = { ...planInput('brings-its-ledger'), ledger: { acceptableDowntimeHours: 90 } }
    expect(await api.refused('createPlan', { ...asCoordinator, body })).toMatchObject({ status: 400 })
  })

  it('is refused where it brings commands along, or names what is no variable', async () => {
    const brought = planInput('with-commands', { scripts: { 'is-running': 'id > /tmp/taken' } })
    const values = planInput('with-values', { values: { 'A=$(id)': 'x' } })
    for (const body of [brought, values]) {
      const refused = await api.refused('createPlan', { ...asCoordinator, body })
      expect(refused).toMatchObject({ status: 400, code: 'invalid-input' })
      expect(refused.detail).toMatch(/datasets\.entries\.source/)
    }
  })

  it('is refused where the folder of its playbook lacks a command', async () => {
    const body = planInput('without-files', { commands: 'other' })
    const refused = await api.refused('createPlan', { ...asCoordinator, body })
    expect(refused.detail).toMatch(/"other\/stop\.sh" in the folder of the playbook that deploys/)
  })

  it('shares its folders with no other move', async () => {
    const twin = {
      system: 'register-twin',
      name: '登记',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }
    await api.call('importSystems', { ...asCoordinator, body: [twin] })
    const body = { ...planInput('twin-plan'), system: 'register-twin' }
    const { sharedWith } = await api.call('createPlan', { ...asCoordinator, body })
    expect(sharedWith?.map(({ path }) => path)).toContain('datasets.entries.target.paths.0')
  })
})
