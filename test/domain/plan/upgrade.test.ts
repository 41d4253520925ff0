import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { MigrationEvent } from '../../../domain/move/event.ts'
import { applyEvent } from '../../../domain/move/migration.ts'
import { readDatasets } from '../../../domain/plan/dataset-rules.ts'
import { pinnedKey } from '../../../domain/plan/host-key.ts'
import { hostLabel, hostsOf } from '../../../domain/plan/places.ts'
import { MigrationPlanV1 } from '../../../domain/plan/plan-v1.ts'
import { GivenPlan, MigrationPlan, PlanInput } from '../../../domain/plan/plan.ts'
import { pathAsGiven, upgradePlan } from '../../../domain/plan/upgrade.ts'
import { familiesInPlans } from '../../../families/index.ts'
import { jsonDigest } from '../../../storage/digest.ts'
import { actors } from '../../support/actors.ts'
import { samplePlanV1 } from '../../support/plan-v1.ts'

const path = fc.stringMatching(/^\/srv\/[a-z]{1,8}$/)
const identifier = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/)

/** Plans of version 1, as their schema takes them. */
const plansV1: fc.Arbitrary<MigrationPlanV1> = fc
  .record({
    names: fc.record({ source: identifier, staging: identifier, target: identifier, entry: identifier }),
    files: fc.record({ source: path, staging: path, target: path }, { requiredKeys: [] }),
    waivers: fc.dictionary(fc.string({ minLength: 1, maxLength: 40 }), fc.constant('only ever added to')),
    version: fc.constantFrom({}, { version: 1 as const }),
    proxy: fc.constantFrom('haproxy' as const, 'nginx' as const),
    server: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,20}$/),
    host: fc.constantFrom('source' as const, 'target' as const),
  })
  .map(({ names, files, waivers, version, proxy, server, host }) => {
    const plan = samplePlanV1()
    const { application, hosts, endpoints, databases } = plan
    const sites = application.sites
    return MigrationPlanV1.parse({
      ...plan,
      ...version,
      hosts: {
        source: { ...hosts.source, name: names.source },
        staging: { ...hosts.staging, name: names.staging, serviceDir: '/srv/service' },
        target: { ...hosts.target, name: names.target, zone: 'cloud' },
        entry: { ...hosts.entry, name: names.entry },
      },
      databases: { ...databases, source: { ...databases.source, host } },
      endpoints: { ...endpoints, http: { ...endpoints.http, proxy, server } },
      application: {
        ...application,
        sites: {
          source: { ...sites.source, ...(files.source && { filesDirectory: files.source }) },
          staging: { ...sites.staging, ...(files.staging && { filesDirectory: files.staging }) },
          target: { ...sites.target, ...(files.target && { filesDirectory: files.target }) },
        },
      },
      waivers,
    })
  })

describe('a plan of version 1', () => {
  it('is read as one of version 2 that passes its schema and its families, and reads the same a second time', () => {
    fc.assert(
      fc.property(plansV1, (plan) => {
        const upgraded = upgradePlan(plan)
        expect(MigrationPlan.safeParse(upgraded).error).toBeUndefined()
        expect(readDatasets(upgraded, familiesInPlans)).toEqual({ datasets: upgraded.datasets, problems: [] })
        expect(upgradePlan(upgraded)).toBe(upgraded)
        expect(upgradePlan(structuredClone(plan))).toEqual(upgraded)
      }),
      { numRuns: 100 },
    )
  })

  it('stays byte for byte what it was, for whoever stores it', () => {
    fc.assert(
      fc.property(plansV1, (plan) => {
        const digest = jsonDigest(plan)
        upgradePlan(plan)
        expect(jsonDigest(plan)).toBe(digest)
        expect(jsonDigest(GivenPlan.parse(JSON.parse(JSON.stringify(plan))))).toBe(digest)
      }),
      { numRuns: 50 },
    )
  })

  it('has its hosts named after their roles, so that keys recorded by role are those of the same hosts', () => {
    const plan = upgradePlan(samplePlanV1())
    expect(hostsOf(plan).map((host) => [host.name, host.role, hostLabel(host)])).toEqual([
      ['entry', 'entry', 'entry'],
      ['source', 'source', 'old'],
      ['staging', 'staging', 'staging'],
      ['target', 'target', 'cloud'],
    ])
    expect(pinnedKey({ plan, hostKeys: { target: 'SHA256:recorded' } }, 'target')).toBe('SHA256:recorded')
  })

  it('has its uploads as a file tree, of which no side is left out', () => {
    const { application, ...plan } = samplePlanV1()
    const sites = { ...application.sites, source: { ...application.sites.source, filesDirectory: '/srv/up' } }
    const { datasets } = upgradePlan({ ...plan, application: { ...application, sites } })
    expect(datasets['files']).toEqual({
      family: 'files',
      source: { host: 'source', path: '/srv/up' },
      staging: { host: 'staging', path: '/srv/up' },
      target: { host: 'target', path: '/srv/up' },
    })
    expect(Object.keys(upgradePlan(samplePlanV1()).datasets)).toEqual(['database'])
  })

  it('waives no more than the objects it named', () => {
    const waivers = { 'public.visits': 'only ever added to', 'archive.*': 'only ever added to' }
    expect(upgradePlan({ ...samplePlanV1(), waivers }).waivers).toEqual([
      { rule: '*', pattern: 'public.visits', reason: 'only ever added to' },
      { rule: '*', pattern: '"archive.*"', reason: 'only ever added to' },
    ])
  })

  it('is launched as it was handed in, and seen as version 2 from then on', () => {
    const plan = samplePlanV1()
    const launched: MigrationEvent = {
      migration: 'permit-desk-1',
      sequence: 1,
      atMs: 0,
      actor: actors.coordinator,
      type: 'launched',
      data: { plan, planDigest: jsonDigest(plan) },
    }
    const move = applyEvent(undefined, launched)
    expect(move.plan).toEqual(upgradePlan(plan))
    expect(jsonDigest(launched.data.plan)).toBe(move.planDigest)
  })

  it('has its problems told by the paths it was written with', () => {
    const given = samplePlanV1()
    const paths = [
      'hosts.target',
      'datasets.database.staging',
      'datasets.files.source.path',
      'applications.application.sites.target.0.host',
      'applications.application.writeProbe',
      'endpoints.http.servers',
    ]
    expect(paths.map((one) => pathAsGiven(one, given))).toEqual([
      'hosts.target',
      'databases.staging',
      'application.sites.source.filesDirectory',
      'application.sites.target.host',
      'application.writeProbe',
      'endpoints.http.server',
    ])
    expect(paths.map((one) => pathAsGiven(one, { version: 2 }))).toEqual(paths)
  })
})

describe('a plan of a version nobody knows', () => {
  it('is refused with what is expected', () => {
    const { error } = PlanInput.safeParse({ ...samplePlanV1(), version: 3 })
    expect(error?.issues).toMatchObject([
      {
        path: ['version'],
        message: expect.stringContaining('must be 2, or left out in a plan of version 1'),
      },
    ])
  })

  it('waives no whole database by a rule of "*"', () => {
    const waivers = [{ rule: '*', pattern: 'public.*', reason: 'all of it' }]
    const { error } = PlanInput.safeParse({ ...upgradePlan(samplePlanV1()), waivers })
    expect(error?.issues.map(({ path: at }) => at.join('.'))).toContain('waivers.0.rule')
  })
})
