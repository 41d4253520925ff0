import { describe, expect, it } from '@jest/globals'

import { conflictsBetween as conflictsOfPlans } from '../../../domain/plan/place-conflicts.ts'
import type { MigrationPlanV1 } from '../../../domain/plan/plan-v1.ts'
import { pathAsGiven, upgradePlan } from '../../../domain/plan/upgrade.ts'
import { samplePlanInputV1 } from '../../support/plan-input.ts'
import { samplePlanV1 } from '../../support/plan-v1.ts'

type PlacedPlan = MigrationPlanV1

/** In the words of version 1, which has one of each part. */
const conflictsBetween = (one: PlacedPlan, other: PlacedPlan) =>
  conflictsOfPlans(upgradePlan(one), upgradePlan(other)).map(({ path, otherPath }) => ({
    path: pathAsGiven(path, one),
    otherPath: pathAsGiven(otherPath, other),
  }))

const plan: PlacedPlan = samplePlanV1()
const elsewhere: PlacedPlan = {
  ...samplePlanInputV1({ system: 'archive' }),
  playbooks: plan.playbooks,
}
const { hosts, databases, endpoints, application } = elsewhere
const met = (change: Partial<PlacedPlan>) =>
  conflictsBetween({ ...elsewhere, ...change }, plan).map(({ path, otherPath }) => `${path} = ${otherPath}`)
const site = (side: 'source' | 'target', change: Partial<PlacedPlan['application']['sites']['source']>) => ({
  application: {
    ...application,
    sites: { ...application.sites, [side]: { ...application.sites[side], ...change } },
  },
})

describe('the places of two plans', () => {
  it('are all the same where the plans are, and none where the systems have servers of their own', () => {
    expect(new Set(conflictsBetween(plan, plan).map(({ path }) => path))).toEqual(
      new Set([
        ...['source', 'staging', 'target'].flatMap((side) => [
          `databases.${side}`,
          `application.sites.${side}.url`,
          `application.sites.${side}.directory`,
        ]),
        'endpoints.database.entryName',
        'endpoints.database.databasesFile',
        'endpoints.http.server',
      ]),
    )
    expect(met({})).toEqual([])
  })

  it.each(['source', 'staging', 'target'] as const)('meet in one database, as whatever side: %s', (side) => {
    const same = { ...databases, [side]: { ...plan.databases.target, host: side } }
    expect(met({ databases: same })).toEqual([`databases.${side} = databases.target`])
    const other = { ...databases, [side]: { ...plan.databases.target, host: side, database: 'another' } }
    expect(met({ databases: other })).toEqual([])
  })

  it('may be on one server, where they have folders of their own', () => {
    const shared = { hosts: { ...hosts, target: plan.hosts.target } }
    expect(met({ ...shared, ...site('target', { directory: '/srv/archive' }) })).toEqual([])
    expect(met({ ...shared, ...site('target', { directory: '/srv/permit-desk-2' }) })).toEqual([])
  })

  it.each([
    '/srv/permit-desk',
    '/srv/permit-desk/',
    '/srv//x/../permit-desk',
    '/srv/permit-desk/uploads',
    '/srv',
    '/',
  ])('meet in a folder "%s", one inside the other included', (directory) => {
    const shared = { hosts: { ...hosts, target: plan.hosts.target } }
    const found = met({ ...shared, ...site('target', { directory }) })
    expect(found).toContain('application.sites.target.directory = application.sites.target.directory')
  })

  it('meet in the lines of an entry, and may share the entry itself', () => {
    const http = { ...endpoints.http, backend: 'archive', server: 'archive' }
    const database = {
      ...plan.endpoints.database,
      entryName: 'archive',
      databasesFile: '/etc/pgbouncer/archive.ini',
    }
    const shared = { hosts: { ...hosts, entry: plan.hosts.entry } }
    expect(met({ ...shared, endpoints: { http, database } })).toEqual([])
    const line = { http: { ...http, backend: 'permit-desk', server: 'permit-desk' }, database }
    expect(met({ ...shared, endpoints: line })).toEqual(['endpoints.http.server = endpoints.http.server'])
    const name = { http, database: { ...database, entryName: 'permit_desk' } }
    expect(met({ ...shared, endpoints: name })).toEqual([
      'endpoints.database.entryName = endpoints.database.entryName',
    ])
  })

  it.each([
    ['DB.Permit.Example', 'db.permit.example'],
    ['db.permit.example.', 'db.permit.example'],
    ['localhost', '127.0.0.1'],
    ['::1', 'localhost'],
    ['::ffff:10.0.0.4', '10.0.0.4'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
  ])('are the same by address where "%s" is "%s"', (one, other) => {
    const at = (of: PlacedPlan, address: string): PlacedPlan => ({
      ...of,
      databases: { ...of.databases, source: { ...of.databases.source, address } },
    })
    expect(conflictsBetween(at(elsewhere, one), at(plan, other)).map(({ path }) => path)).toEqual([
      'databases.source',
    ])
  })

  it('on the loopback address are another machine in each zone', () => {
    const local = (of: PlacedPlan, zone: string): PlacedPlan => ({
      ...of,
      hosts: { ...of.hosts, source: { ...of.hosts.source, zone } },
      databases: { ...of.databases, source: { ...of.databases.source, address: 'localhost' } },
    })
    expect(conflictsBetween(local(elsewhere, 'east'), local(plan, 'west'))).toEqual([])
    expect(conflictsBetween(local(elsewhere, 'east'), local(plan, 'east'))).toHaveLength(1)
  })
})
