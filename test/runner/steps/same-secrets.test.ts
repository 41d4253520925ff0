import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture
let old: string
let neu: string

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd })
  ;[old, neu] = [join(fixture.scratch, "old's.env"), join(fixture.scratch, 'new $(id).env')]
})
afterEach(async () => {
  await fixture.close()
})

let runs = 0

async function compare(before: string, after: string | undefined, waivers = '[]') {
  mkdirSync(fixture.scratch, { recursive: true })
  writeFileSync(old, before)
  if (after !== undefined) writeFileSync(neu, after)
  const [one, other] = [old, neu].map((path) => JSON.stringify(path))
  fixture.write(
    'keys',
    `steps: [{ id: a, kind: same-secrets, with: { from: { host: source, file: ${one} }, to: { host: target, file: ${other} }, waivers: ${waivers} } }]`,
  )
  const { failure, done } = await fixture.runner.runSteps(
    fixture.request('keys', { runId: `keys-${runs++}` }),
    ['a'],
  )
  return { failure, result: done[0]?.result }
}

const env = (secret: string) => `# SECRET_KEY=of-a-comment
export SECRET_KEY="${secret}"
DB_PASSWORD=differs-${secret}
PORT=8080
`

describe('keys of an application on the side that is left and on the one that takes over', () => {
  it('are the same, whatever else differs, and are counted', async () => {
    const before = `${env('pa$$w\'ord "x"')}jwt.secret = one\n'app_key' => 'base64:AA==',\n"cookieSecret": "two",\ndefine('AUTH_KEY', 'put your phrase');\n`
    const after = before.replaceAll('differs-', 'other-').replace('PORT=8080', 'PORT=9090')
    expect((await compare(before, after)).result).toMatchObject({ compared: 5 })
  })

  it('are refused by name where they differ or are missing, and neither value nor digest is kept or told', async () => {
    const [before, after] = ['s3cret-of-the-old-side', 's3cret-of-the-new-side']
    const { failure } = await compare(`${env(before)}APP_KEY=${before}\n`, env(after))
    expect(failure).toMatchObject({ code: 'secrets-differ' })
    const told = JSON.stringify(failure)
    expect(told).toMatch(/"SECRET_KEY\\?"/)
    expect(told).toContain('APP_KEY')
    expect(told).not.toMatch(/PASSWORD/)
    const kept = readAll(fixture.directory).filter((text) => !text.startsWith('# SECRET_KEY'))
    for (const text of [told, ...kept]) {
      expect(text).not.toContain('s3cret')
      expect(text).not.toMatch(/[0-9a-f]{64} |SECRET_KEY[^"]{0,4}[0-9a-f]{64}/)
    }
  })

  it('may differ where a waiver names the setting', async () => {
    const waivers = `[{ rule: secret-differs, pattern: 'target:SECRET_*', reason: All users log in anew. }]`
    expect((await compare(env('one'), env('two'), waivers)).result).toMatchObject({ compared: 1 })
  })

  it('are not known where a file is not there, which is said', async () => {
    expect((await compare(env('one'), undefined)).result).toMatchObject({ compared: 0, because: 'absent' })
  })
})

function readAll(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
}
