import { readFileSync } from 'node:fs'

import { type FixtureSettings, playbookFixture } from './playbook-fixture.ts'

/** A runner in a process of its own, to be killed: `tsx run-playbook.ts <settings file> <playbook> <step>…`. */
const [settingsFile = '', name = '', ...steps] = process.argv.slice(2)
const { text, ...settings } = JSON.parse(readFileSync(settingsFile, 'utf8')) as FixtureSettings & {
  text: string
}
const fixture = playbookFixture(settings)
fixture.write(name, text)
await fixture.runner.runSteps(fixture.request(name), steps)
await fixture.close()
