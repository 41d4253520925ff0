import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { hostOf } from '../../../domain/plan/places.ts'
import type { MigrationPlan } from '../../../domain/plan/plan.ts'
import { lintPlaybook } from '../../../runner/language/lint.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture
beforeAll(async () => {
  sshd = await startSshd()
  fixture = playbookFixture({ sshd })
}, 60_000)
afterAll(async () => {
  await fixture.close()
  await sshd.close()
})

const names = ['exports', 'scans', 'uploads']
const tree = (side: string, name: string) => join(fixture.scratch, side, name)

/** A plan with three file trees, and a second target. */
function wide(plan: MigrationPlan): MigrationPlan {
  const { name: _name, ...target } = hostOf(plan, 'target')
  const { target: _target, ...hosts } = plan.hosts
  const place = (host: string, side: string, name: string) => ({ host, path: tree(side, name) })
  const trees = names.map((name) => [
    name,
    {
      family: 'files',
      source: place('source', 'old', name),
      staging: place('staging', 'stage', name),
      target: place('new-1', 'new', name),
    },
  ])
  return {
    ...plan,
    hosts: { ...hosts, 'new-1': target, 'new-2': target },
    datasets: { ...plan.datasets, ...(Object.fromEntries(trees) as MigrationPlan['datasets']) },
  }
}

const sides = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const
const inputs = 'inputs: { from: { type: database }, to: { type: database } }\n'
const carrying = `${inputs}steps:
  - id: carry
    kind: sync-files
    forEach: plan.datasets.filter(d, d.family == "files" && d.name != "files")
    with:
      from: { host: '\${each.from.host}', path: '\${each.from.path}' }
      to: { host: '\${each.to.host}', path: '\${each.to.path}' }
  - id: mark
    kind: file
    forEach: sides.to.hosts
    host: \${each.name}
    with: { path: '\${inputs.from == "source" ? "SCRATCH" : ""}/mark-\${each.name}', content: '\${each.address}' }
`

describe('a step that is repeated', () => {
  it('is described and run once for each, on the host it is for', async () => {
    for (const name of names) {
      mkdirSync(tree('old', name), { recursive: true })
      writeFileSync(join(tree('old', name), 'file'), name)
    }
    fixture.write('each', carrying.replace('SCRATCH', fixture.scratch))
    const base = fixture.request('each', sides)
    const { hostKey } = hostOf(base.plan, 'source')
    const request = {
      ...base,
      plan: wide(base.plan),
      hostKeys: { 'new-1': hostKey ?? '', 'new-2': hostKey ?? '' },
    }
    const groups = await fixture.runner.describe(request)
    const ids = ['carry-exports', 'carry-scans', 'carry-uploads', 'mark-new-1', 'mark-new-2']
    expect(groups.map(({ host, steps }) => [host, steps])).toEqual([
      [undefined, ids.slice(0, 3)],
      ['new-1', ['mark-new-1']],
      ['new-2', ['mark-new-2']],
    ])
    const outcome = await fixture.runner.runSteps(request, ids)
    expect(outcome.failure).toBeUndefined()
    for (const name of names) expect(readFileSync(join(tree('new', name), 'file'), 'utf8')).toBe(name)
    for (const host of ['new-1', 'new-2'])
      expect(existsSync(join(fixture.scratch, `mark-${host}`))).toBe(true)
  }, 60_000)

  it('for one host is refused where its name stands for several, with what to write', async () => {
    fixture.write('one', `${inputs}steps: [{ id: a, kind: command, host: to, with: { argv: ['true'] } }]`)
    const base = fixture.request('one', sides)
    await expect(fixture.runner.describe({ ...base, plan: wide(base.plan) })).rejects.toThrow(
      '"to" stands for 2 hosts here: "new-1", "new-2", where the step is carried out on one. Repeat it for each (forEach: sides.to.hosts, with each.name as its host), or bind "to" to one of them.',
    )
  })

  it('says what its list is when it is none', async () => {
    fixture.write(
      'none',
      `${inputs}steps: [{ id: a, kind: command, forEach: 'inputs', host: entry, with: { argv: ['true'] } }]`,
    )
    await expect(fixture.runner.describe(fixture.request('none', sides))).rejects.toThrow(/expected a list/)
  })

  it.each([
    [
      'a host by an expression',
      "host: '${each.name}', with: { argv: ['true'] }",
      'steps.a.host',
      'only a step that is repeated',
    ],
    [
      'each, without being repeated',
      "host: entry, with: { argv: ['${each.name}'] }",
      'steps.a.with.argv.0',
      'has no "forEach"',
    ],
    [
      'results of steps',
      "forEach: 'steps.b.result', host: entry, with: { argv: ['true'] }",
      'steps.a.forEach',
      'before any has run',
    ],
    [
      'what does not parse',
      "forEach: 'plan.(', host: entry, with: { argv: ['true'] }",
      'steps.a.forEach',
      'which fails',
    ],
  ])('is linted: %s', (_, step, path, says) => {
    const text = `playbook: p\ntitle: { zh: 例, en: Example }\nsteps: [{ id: a, kind: command, ${step} }]`
    expect(lintPlaybook(text).problems).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(says) }),
    )
  })
})
