import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { load } from 'js-yaml'
import { z } from 'zod'

import { assertKind } from '../../../runner/steps/find-kind.ts'

/** A data case: parameters and facts in, commands out. A text of an expected command is a part of the real one. */
const Commands = z.array(z.record(z.string(), z.unknown()))
const Case = z.strictObject({
  params: z.unknown(),
  facts: z.unknown().optional(),
  commands: Commands.optional(),
  undo: Commands.optional(),
  interrupted: z.enum(['plan-again', 'ask']).optional(),
  refused: z.array(z.string()).optional(),
})

type Case = z.infer<typeof Case>

/** One folder for each kind: those of the runner lie here, those of a family with its tests. */
const families = join(__dirname, '../../families')
const places = [
  __dirname,
  ...readdirSync(families)
    .map((family) => join(families, family, 'steps'))
    .filter((folder) => existsSync(folder)),
]
const kindFolders = places.flatMap((place) =>
  readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ kind: name, folder: join(place, name) })),
)
const cases = kindFolders.flatMap(({ kind, folder }) =>
  readdirSync(folder).map((file): [kind: string, name: string, given: Case] => [
    kind,
    file.replace('.yaml', ''),
    Case.parse(load(readFileSync(join(folder, file), 'utf8'))),
  ]),
)

describe('facts and parameters become commands', () => {
  it.each(cases.filter(([, , { refused }]) => refused === undefined))(
    '%s: %s',
    async (kindName, _name, given) => {
      const { implementation } = await assertKind(kindName).load()
      const step = implementation.bind(given.params)
      expectCommands(step.plan(given.facts), given.commands ?? step.plan(given.facts))
      expectCommands(step.undo(given.facts), given.undo ?? step.undo(given.facts))
      expect(step.interrupted()).toBe(given.interrupted ?? step.interrupted())
    },
  )
})

describe('parameters that are refused', () => {
  it.each(cases.filter(([, , { refused }]) => refused !== undefined))('%s: %s', (kindName, _name, given) => {
    const issues = assertKind(kindName).params.safeParse(given.params).error?.issues ?? []
    const said = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n')
    for (const one of given.refused ?? []) expect(said).toContain(one)
  })
})

function expectCommands(found: readonly object[], expected: readonly object[]): void {
  expect(found).toEqual(
    expected.map((command) =>
      expect.objectContaining(
        Object.fromEntries(
          Object.entries(command).map(([key, value]) => [
            key,
            typeof value === 'string' ? (expect.stringContaining(value) as unknown) : value,
          ]),
        ),
      ),
    ),
  )
}
