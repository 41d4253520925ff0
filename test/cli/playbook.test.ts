import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { dump } from 'js-yaml'

import { createDeskActivities } from '../../activities/desk.ts'
import type { PlanView } from '../../api/contract.ts'
import { PlaybookStore } from '../../config/playbooks.ts'
import { SecretStore } from '../../config/secrets.ts'
import { createRunner } from '../../runner/runner.ts'
import { FactStore } from '../../storage/facts.ts'
import { FrozenPlaybookStore } from '../../storage/frozen-playbooks.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { PaperRoom } from '../support/paper-room.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { useTemporal } from '../support/temporal.ts'

const temporal = useTemporal()
const home = mkdtempSync(join(tmpdir(), 'qianyun-playbooks-'))
/** The server and the runner have each its own copy, as on two machines. */
const [playbooksFolder, runnersFolder] = [join(home, 'server'), join(home, 'runner')]
for (const copy of [playbooksFolder, runnersFolder])
  cpSync(join(import.meta.dirname, '../../playbooks'), copy, { recursive: true })
let namespace = ''
let stopWorkers: (() => Promise<void>) | undefined
const api = useApi(
  async () => {
    const client = await makeNamespace(temporal)
    namespace = client.options.namespace
    return { client, close: () => Promise.resolve() }
  },
  { playbooksFolder },
)
const cli = useCli(api)
const desk = (path = '') => join(playbooksFolder, 'permit-desk-deploy', path)

beforeAll(async () => {
  const shipped = new PlaybookStore(runnersFolder)
  const frozenPlaybooks = new FrozenPlaybookStore(api.pool)
  const runner = createRunner({
    secrets: new SecretStore('/nonexistent', {}),
    journal: new StepJournalStore(api.pool),
    playbooks: { read: async (name, frozen) => (await frozenPlaybooks.find(frozen)) ?? shipped.read(name) },
  })
  const facts = new FactStore(api.pool)
  const activities = { ...new PaperRoom().activities, ...createDeskActivities({ runner, facts }) }
  stopWorkers = await startWorkers(temporal, namespace, api, { activities })
  const systems = [
    { system: 'permit-desk', name: '许可受理', department: 'permit-bureau', mlpsLevel: 2, classified: false },
  ]
  await cli.as('coordinator', 'system', 'import', cli.file('systems.yaml', dump({ systems })))
}, 120_000)

afterAll(async () => {
  await stopWorkers?.()
  rmSync(home, { recursive: true })
}, 60_000)

interface Linted {
  readonly files: readonly [{ readonly digest: string; readonly problems: readonly object[] }]
}

describe('a playbook with its files', () => {
  it('has the same digest when it is linted, listed and frozen in a plan', async () => {
    const linted = (await cli.as('vendor', 'playbook', 'lint', desk(), '--json')).json as Linted
    const { digest } = linted.files[0]
    expect(linted.files[0].problems).toEqual([])
    const { playbooks } = await api.call('listPlaybooks', { as: 'vendor' })
    expect(playbooks).toContainEqual(expect.objectContaining({ name: 'permit-desk-deploy', digest }))
    const plan = cli.file('plan.yaml', dump(samplePlanInput()))
    const { content } = (await cli.as('coordinator', 'plan', 'create', plan, '--json')).json as PlanView
    expect(content.playbooks.deploy).toMatchObject({ name: 'permit-desk-deploy', digest })
    const shown = await cli.as('auditor', 'plan', 'show', 'permit-desk-plan')
    expect(shown.stdout).toContain(
      `deploy: permit-desk-deploy sha256:${digest.slice(0, 12)}…  permit-desk.conf  playbook.yaml`,
    )
  }, 60_000)

  it('is given its digest by the server, too, from the text and the digests of the files', async () => {
    const { ref } = await new PlaybookStore(playbooksFolder).read('permit-desk-deploy')
    const body = { text: readFileSync(desk('playbook.yaml'), 'utf8'), files: ref.files }
    const { digest, problems } = await api.call('lintPlaybook', { as: 'vendor', body })
    expect({ digest, problems }).toEqual({ digest: ref.digest, problems: [] })
    const alone = await api.call('lintPlaybook', { as: 'vendor', body: { text: body.text } })
    expect(alone.problems.map(({ message }) => message).join()).toContain(
      'is "permit-desk.conf", which is not in the folder',
    )
  }, 60_000)

  it('is refused by lint, and by a plan, with a link out of its folder', async () => {
    symlinkSync('/etc/passwd', desk('users.conf'))
    const linted = await cli.run(['playbook', 'lint', desk('playbook.yaml'), '--context', 'vendor'])
    const input = samplePlanInput({ plan: 'with-a-link' })
    const created = await cli.run(['plan', 'create', cli.file('plan.yaml', dump(input))])
    rmSync(desk('users.conf'))
    expect([linted.exitCode, created.exitCode]).toEqual([1, 1])
    expect(linted.stdout).toContain('users.conf: is a symbolic link, expected a plain file')
    expect(created.stderr).toContain('"permit-desk-deploy", whose file "users.conf" is a symbolic link')
  }, 60_000)

  it('is not launched once a template has changed since the plan was made', async () => {
    const template = readFileSync(desk('permit-desk.conf'), 'utf8')
    writeFileSync(desk('permit-desk.conf'), `${template}DEBUG=1\n`)
    const launched = await cli.run(['migration', 'launch', 'permit-desk-plan'])
    writeFileSync(desk('permit-desk.conf'), template)
    expect(launched.exitCode).toBe(1)
    expect(launched.stderr).toMatch(
      /The playbook "permit-desk-deploy" is no longer what was frozen: "permit-desk.conf" has the SHA-256 "[0-9a-f]{64}", expected "[0-9a-f]{64}"/,
    )
    const { migrations } = await api.call('listMigrations', { as: 'auditor' })
    expect(migrations).toEqual([])
    expect((await cli.as('coordinator', 'migration', 'launch', 'permit-desk-plan')).exitCode).toBe(0)
  }, 60_000)

  it('is run as the server read it; a runner that has only another copy refuses', async () => {
    const bindings = ['--host', 'here=target', '--database', 'there=target']
    const ask = ['playbook', 'plan', 'permit-desk-deploy', '--plan', 'permit-desk-plan', ...bindings]
    writeFileSync(join(runnersFolder, 'permit-desk-deploy', 'permit-desk.conf'), 'DEBUG=1\n')
    const kept = await cli.run([...ask, '--context', 'operations'])
    await api.pool.query(
      `create function forget() returns trigger language plpgsql as 'begin return null; end'`,
    )
    await api.pool.query(
      'create trigger forget before insert on playbook_file for each row execute function forget()',
    )
    await api.pool.query('delete from playbook_file')
    const forgotten = await cli.run([...ask, '--context', 'operations'])
    expect([kept.exitCode, forgotten.exitCode]).toEqual([1, 1])
    expect(kept.stderr).toContain('No host key is pinned')
    expect(forgotten.stderr).toMatch(
      /"permit-desk-deploy" is no longer what was frozen: "permit-desk.conf" has/,
    )
  }, 60_000)
})
