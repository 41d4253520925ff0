import { afterAll, describe, expect, it } from '@jest/globals'

import type { MigrationPlan } from '../../../domain/plan/plan.ts'
import { playbookFixture } from '../../support/playbook-fixture.ts'
import { widePlan } from '../../support/wide-plan.ts'

const nowhere = {
  address: '127.0.0.1',
  port: 1,
  user: 'nobody',
  hostKey: `SHA256:${'A'.repeat(43)}`,
  privateKey: '',
}
const fixture = playbookFixture({ sshd: nowhere })
afterAll(async () => fixture.close())

const sides = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const

/** Two databases and two entries on top of two applications on several hosts. */
function severalOfAll(): MigrationPlan {
  const { datasets, endpoints, ...plan } = widePlan()
  const { database } = datasets
  const { database: entry } = endpoints
  if (database === undefined || entry === undefined) throw new Error('the wide plan has both')
  const { database: _, ...others } = endpoints
  return {
    ...plan,
    datasets: { ...datasets, archive: database },
    endpoints: { ...others, first: entry, second: entry },
  }
}

/** What a dry run says of a step that wants the expression's value. */
async function saidOf(expression: string, plan: MigrationPlan) {
  fixture.write(
    'one',
    `inputs: { from: { type: database }, to: { type: database } }
steps: [{ id: a, kind: http-check, with: { url: 'http://\${${expression}}/' } }]`,
  )
  const [planned] = await fixture.runner.plan({ ...fixture.request('one', sides), plan })
  return planned
}

describe('a variable for systems that have one of a thing', () => {
  it.each([
    [
      'sites.to.url',
      '"sites.to" stands for one site, and "to" has 6: "desk-new-1", "desk-new-2", "desk-new-3", "portal-new-1", "portal-new-2", "portal-new-3"; repeat the step for each (forEach: sides.to.sites, and each.url for sites.to.url), or bind "to" to a host with one site',
    ],
    [
      'application.healthPath',
      '"application" stands for the one application of a plan, and this plan has 2: "desk", "portal"; repeat the step for each (forEach: plan.applications, and each.healthPath for application.healthPath), or name one (applications["NAME"].healthPath)',
    ],
    [
      'databases["to"].address',
      '"databases.to" stands for the one PostgreSQL database of a plan, and this plan has 2: "archive", "database"; name one (datasets["NAME"].to), or repeat the step for each (forEach: plan.datasets, and each.to)',
    ],
    [
      'endpoints.database.address',
      '"endpoints.database" stands for the one endpoint of kind "pgbouncer", "none" of a plan, and this plan has 2: "first", "second"',
    ],
    [
      'endpoints.http.url',
      '"endpoints.http" stands for the one endpoint of kind "http" of a plan, and this plan has 2: "portal", "web"; name one (endpoints["NAME"]), or repeat the step for each (forEach: plan.endpoints)',
    ],
  ])('says what to write instead where the plan has several: %s', async (expression, sentence) => {
    const planned = await saidOf(expression, severalOfAll())
    expect(planned?.outcome).toBe('unknown-until-run')
    expect(planned?.reason).toContain(`The expression "${expression}" fails: ${sentence}`)
    expect(planned?.reason).not.toContain('No such key')
  })

  it('leaves a name that is only misspelt to the sentence about that', async () => {
    expect((await saidOf('sites.form.url', severalOfAll()))?.reason).toContain('No such key: form')
  })
})
