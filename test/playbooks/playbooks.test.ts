import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import { readPlaybookFolder } from '../../config/playbooks.ts'
import { lintPlaybook } from '../../runner/language/lint.ts'
import { stepKinds } from '../../runner/steps/index.ts'
import { kindFolders } from '../support/kind-folders.ts'

const repository = join(__dirname, '../..')
const playbooks = readdirSync(join(repository, 'playbooks'))

describe.each(playbooks)('the playbook %s', (name) => {
  it('has no problems, and none in its folder', async () => {
    const { files, problems } = await readPlaybookFolder(join(repository, 'playbooks', name))
    const text = files.get('playbook.yaml') ?? ''
    expect(problems).toEqual([])
    expect(lintPlaybook(text, { name, files: [...files.keys()] }).problems).toEqual([])
  })

  it('has a page that explains it', () => {
    const page = readFileSync(join(repository, 'playbooks', name, 'README.md'), 'utf8')
    expect(page).toMatch(new RegExp(`^# ${name}\n`))
  })
})

describe.each([...stepKinds.keys()])('the kind %s', (name) => {
  it('has a page with an example that has no problems', () => {
    const page = readFileSync(join(repository, kindFolders.get(name) ?? '', 'README.md'), 'utf8')
    expect(page).toMatch(new RegExp(`^# ${name}\n`))
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
    const steps = (example ?? '').replaceAll(/^/gm, '  ')
    const used = [...steps.matchAll(/inputs\["([^"]+)"\]|inputs\.([a-z]+)/g)].map(([, a, b]) => a ?? b ?? '')
    const inputs = Object.fromEntries<{ type: string }>([
      ...used.map((input) => [input, { type: 'string' }] as const),
      ...['here', 'from', 'to'].map((host) => [host, { type: 'host' }] as const),
      ['there', { type: 'database' }],
    ])
    const head = `playbook: example\ntitle: { zh: 例, en: Example }\ninputs: ${JSON.stringify(inputs)}`
    const text = `${head}\nsteps:\n${steps}`
    expect(lintPlaybook(text).problems).toEqual([])
  })
})
