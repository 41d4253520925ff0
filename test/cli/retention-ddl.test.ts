import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MigrationStore } from '../../storage/migrations.ts'
import { System } from '../../domain/ledger/system.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'

const api = useApi()
const cli = useCli(api)
const folder = mkdtempSync(join(tmpdir(), 'qianyun-ddl-'))
const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const statements = ['alter table permit add column lane text', 'create index permit_lane on permit (lane)']
const good = file('lane.sql', `-- lanes\n${statements.join(';\n')};\n`)
const asked = { name: 'change-schema', sqlDigest: 'a'.repeat(64), statements, reason: 'lanes' } as const
const cutOver = [
  { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
  { emit: 'cut-over', data: { result: { gapMs: 42, generation: 1, anatomyMs: {} } } },
  { emit: 'phase-entered', data: { phase: 'retention', round: 1 } },
  { emit: 'retention-started', data: { untilMs: Date.UTC(2027, 1, 28) } },
  { command: asked, actor: actors.operations },
] as const
const half = {
  code: 'schema-change-half-made',
  message: 'half',
  values: {
    follows: '"source" (10.1.2.11:5432/permit)',
    serves: '"target" (10.9.9.9:5432/permit)',
    because: 'no answer.',
  },
}

beforeAll(async () => {
  const systems = ['made', 'half', 'unclear'].map((system) =>
    System.parse({ system, name: system, department: 'permit-bureau' }),
  )
  await new SystemStore(api.pool).import(systems, actors.coordinator, 1)
  const store = new MigrationStore(api.pool)
  const ends = {
    made: [{ emit: 'schema-change-made', data: { newTables: ['public.lane'], heldMs: 12 } }],
    half: [{ emit: 'schema-change-failed', data: half }],
  } as const
  const step = 'switch-over'
  const unclear = [
    { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
    { emit: 'step-started', data: { step, attempt: 1 } },
    { emit: 'step-failed', data: { step, attempt: 1, code: 'pair-unsettled', message: 'no answer' } },
  ] as const
  for (const [system, acts] of [
    ['made', [...cutOver, ...ends.made]],
    ['half', [...cutOver, ...ends.half]],
    ['unclear', unclear],
  ] as const) {
    const history = historyOf(acts, `${system}-1`)
    await store.append(
      history.map((event) =>
        event.type === 'launched'
          ? {
              ...event,
              data: { ...event.data, plan: { ...event.data.plan, plan: `${system}-plan`, system } },
            }
          : event,
      ),
    )
  }
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const ddl = (system: string, path: string, ...more: readonly string[]) =>
  cli.run(['retention', 'ddl', system, path, '--reason', 'lanes', '--context', 'operations', ...more])

describe('a schema change by the command line', () => {
  it.each([
    ['en', ['on both sides', 'tried first on', 'and taken back there']],
    ['zh', ['在两侧变更', '试做并撤销']],
  ])(
    'shows its statements and what is done with them, and asks for the system’s name (%s)',
    async (lang, shown) => {
      const ran = await ddl('made', good, '--lang', lang)
      expect(ran.exitCode).toBe(2)
      for (const text of [...shown, ...statements]) expect(ran.stderr).toContain(text)
    },
  )

  it('is refused at the door: secrets, what is no text, and by whom it may not be given', async () => {
    const secret = await ddl(
      'made',
      file('secret.sql', `comment on table a is 'password=hunter22secret'`),
      '--yes',
    )
    expect(secret.exitCode).toBe(1)
    expect(secret.stderr).toContain('"body.sql" holds what looks like a password')
    expect((await ddl('made', file('bytes.sql', Uint8Array.of(0xff, 0xfe, 0x00)), '--yes')).exitCode).toBe(2)
    const body = { sql: statements[0], reason: 'lanes' }
    const params = { system: 'made' }
    expect(await api.refused('changeSchema', { as: 'owner', params, body })).toMatchObject({ status: 403 })
    // This one gets as far as the workflow, which nobody runs here; its text is stored by then.
    expect(await api.refused('changeSchema', { as: 'operations', params, body })).toMatchObject({
      status: 503,
    })
  })

  it('stands in the retention with its outcome, and in what the move waits for while it is half made', async () => {
    const made = await cli.as('operations', 'retention', 'status', 'made')
    expect(made.stdout).toContain('writers may have waited 12 ms; followed from now on: public.lane')
    const status = await cli.as('operations', 'retention', 'status', 'half')
    expect(status.stdout).toContain('UNFINISHED')
    expect(status.stdout).toContain('"target" (10.9.9.9:5432/permit)')
    const shown = await cli.as('operations', 'migration', 'show', 'half')
    expect(shown.stdout).toMatch(/retention ddl half FILE --reason/)
    const { schemaChange } = await api.call('showRetention', { as: 'owner', params: { system: 'half' } })
    expect(schemaChange).toMatchObject({ state: 'failed', isHalfMade: true, failure: { code: half.code } })
  })

  it('is told from a switch whose sides are to be settled, which says so', async () => {
    const { stdout } = await cli.as('operations', 'migration', 'show', 'unclear')
    expect(stdout).toContain('cutover settle unclear --reason')
    const params = { system: 'unclear' }
    const body = { sql: statements[0], reason: 'lanes' }
    expect(await api.refused('changeSchema', { as: 'vendor', params, body })).toMatchObject({ status: 403 })
  })

  it('stands in the audit log by digests alone', async () => {
    const { lines } = await api.call('listAudit', { as: 'auditor', query: { limit: '200' } })
    const text = JSON.stringify(lines)
    expect(text).toContain('schema-change-requested')
    expect(text).not.toContain('alter table permit')
  })
})
