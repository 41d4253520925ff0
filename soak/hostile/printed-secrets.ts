import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CanarySearch, canaryOf } from '../../test/support/canaries.ts'
import { leakProgram } from '../../test/support/leak-program.ts'
import { type PlaybookFixture, playbookFixture } from '../../test/support/playbook-fixture.ts'
import { startSshd } from '../../test/support/sshd.ts'
import type { Dice } from '../dice.ts'
import type { Attack } from './attack.ts'

interface Printing {
  readonly fixture: PlaybookFixture
  readonly steps: readonly string[]
  readonly secrets: Readonly<Record<string, string>>
}

/** Carries out a run whose host prints secrets; gives everything that leaves the runner. */
type CarryOut = (printing: Printing) => Promise<string>

const byRunner: CarryOut = async ({ fixture, steps }) => {
  const lines: string[] = []
  const outcome = await fixture.runner.runSteps(fixture.request('prints'), steps, {
    onProgress: ({ line = '' }) => {
      lines.push(line)
    },
  })
  const journal = join(fixture.directory, 'journal')
  const kept = readdirSync(journal).map((name) => readFileSync(join(journal, name), 'utf8'))
  return [JSON.stringify(outcome), ...lines, ...kept].join('\n')
}

/** A host that prints the secrets it was given, in every encoding and in pieces, in steps that succeed and in one that fails. */
export const printedSecrets =
  (carryOut: CarryOut = byRunner): Attack =>
  async (_room, dice) => {
    const cores = Array.from({ length: dice.between(1, 6) }, () => dice.bytes(12).toString('hex'))
    const named = cores.map((core, at) => [`secret-${String(at)}`, shaped(dice, core)] as const)
    const sshd = await startSshd()
    const secrets = Object.fromEntries(named)
    const fixture = playbookFixture({ sshd, secrets })
    try {
      const names = named.map(([name]) => name)
      fixture.write('prints', playbookOf(fixture, names))
      writeFileSync(join(fixture.directory, 'leak.js'), leakProgram)
      const steps = ['make', ...names.map((name) => `put-${name}`), ...names.map((name) => `leak-${name}`)]
      const told = await carryOut({ fixture, steps, secrets })
      const search = new CanarySearch(named.map(([name], at) => canaryOf(name, cores[at] ?? '')))
      const found = search.in(told)
      return {
        attacks: names.length,
        succeeded: found.map((one) => `a host printed ${one}, and it was told`),
      }
    } finally {
      await fixture.close()
      await sshd.close()
    }
  }

function shaped(dice: Dice, core: string): string {
  const around = () =>
    dice.one(['', `'`, '"', '\\', '密', '😀', ' ', '%', '+/', '$(', '`', '&<', '\n', 'x'.repeat(90)])
  return `a${around()}${core}${around()}${around()}z`
}

function playbookOf({ directory }: PlaybookFixture, names: readonly string[]): string {
  const put = join(directory, 'put')
  const leak = (name: string, at: number) => {
    const exit = at === names.length - 1 ? '3' : '0'
    const argv = [process.execPath, join(directory, 'leak.js'), put, name, exit, names[0] ?? '']
    return `  - { id: leak-${name}, kind: command, host: target, with: { argv: ${JSON.stringify(argv)}, changesNothing: true } }`
  }
  return [
    `secrets: [${names.join(', ')}]`,
    'steps:',
    `  - { id: make, kind: file, host: target, with: { path: '${put}', state: directory } }`,
    ...names.map(
      (name) =>
        `  - { id: put-${name}, kind: file, host: target, with: { path: '${put}/${name}', secret: ${name} } }`,
    ),
    ...names.map(leak),
    '',
  ].join('\n')
}
