import { setImmediate as breathe } from 'node:timers/promises'
import { QianyunError } from '../../domain/errors.ts'
import { csvOfBytes } from '../../domain/ledger/csv-bytes.ts'
import { rowsOfCsv } from '../../api/use-cases/csv.ts'
import { evaluate, type Variables } from '../../runner/language/expression.ts'
import { lintPlaybook } from '../../runner/language/lint.ts'
import type { Dice } from '../dice.ts'
import type { Tried } from './attack.ts'
import { mangled } from './mangle.ts'

const expressions = [
  'steps.look.result.exitCode == 0 && inputs.name != ""',
  '[1, 2, 3].map(x, x * 2).exists(y, y > 4)',
  '[0,1,2,3,4,5,6,7,8,9].map(a, [0,1,2,3,4,5,6,7,8,9].map(b, [0,1,2,3,4,5,6,7,8,9].map(c, a + b + c)))',
  'inputs.name + inputs.name + inputs.name',
  '(((((((((1 + 1) * 2) - 3) / 4) + 5) * 6) - 7) / 8) + 9)',
  'has(inputs.name) ? size(inputs.name) : -9223372036854775808',
  '{"a": {"b": [true, null, 1.5, "许可"]}}["a"]["b"][3]',
  'timestamp("2026-11-30T00:00:00Z") + duration("24h")',
  'inputs["constructor"]["constructor"]("return process")()',
  '"x".matches("(a+)+$")',
]

const playbooks = [
  `playbook: test
title: { zh: 测试, en: Test }
inputs: { here: { type: host }, size: { type: number, default: 3 } }
secrets: [db-admin]
steps:
  - id: look
    kind: command
    host: here
    with: { argv: [uname, '-r', '\${inputs.size}'], changesNothing: true }
  - { id: tell, kind: assert, when: 'steps.look.result.exitCode == 0', with: { that: ['inputs.size > 1'] } }
`,
  'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n',
  '{"playbook": "p", "title": {"zh": "一", "en": "one"}, "steps": [{"id": "a", "kind": "task"}]}',
]

const ledgers = [
  'system,name,department,mlpsLevel,classified\npermit-desk,许可,permit-bureau,2,否\n',
  '系统标识,系统名称,部门\n"a","b""c",d\r\n',
]

const nothing = {}
const variables: Variables = {
  ...{
    inputs: { name: 'a', size: 3 },
    hosts: nothing,
    sides: nothing,
    datasets: nothing,
    applications: nothing,
  },
  ...{
    plan: nothing,
    each: nothing,
    databases: nothing,
    sites: nothing,
    endpoints: nothing,
    waivers: nothing,
  },
  ...{ policy: nothing, application: nothing, steps: { look: { result: { exitCode: 0 } } }, facts: nothing },
  ...{ system: 'permit-desk', migration: 'permit-desk-1' },
}

type Reader = readonly [name: string, seeds: readonly string[], read: (text: string) => unknown]
const readers: readonly Reader[] = [
  ['expression', expressions, (text) => JSON.stringify(evaluate(text, variables))],
  ['playbook', playbooks, (text) => lintPlaybook(text, { name: 'test', files: ['playbook.yaml'] })],
  ['ledger', ledgers, (text) => rowsOfCsv(csvOfBytes(Buffer.from(text, 'utf8')))],
]

/** What one text may take of a thread; the machine may be busy, so that it is counted as time of the processor. */
const mostCpuMs = 5_000
const mostHeapBytes = 1_500 * 1024 * 1024

/**
 * Reads mangled expressions, playbooks and ledger files in this process. What succeeds: a text that throws anything but a refusal,
 * takes long, or fills the memory.
 */
export async function fuzzLanguages(
  dice: Dice,
  count: number,
  given: readonly Reader[] = readers,
  withinCpuMs = mostCpuMs,
): Promise<Tried> {
  const succeeded: string[] = []
  for (let done = 0; done < count; done += 1) {
    const [name, seeds, read] = dice.one(given)
    const text = mangled(dice, dice.one(seeds))
    const before = process.cpuUsage()
    const thrown = thrownBy(() => read(text))
    const { user, system } = process.cpuUsage(before)
    const wrong = thrown ?? ((user + system) / 1_000 > withinCpuMs ? 'took too long' : undefined)
    if (wrong !== undefined) succeeded.push(`${name} ${JSON.stringify(text.slice(0, 200))}: ${wrong}`)
    if (done % 200 === 0) await breathe()
  }
  const { heapUsed } = process.memoryUsage()
  if (heapUsed > mostHeapBytes)
    succeeded.push(`${String(heapUsed)} bytes of memory after ${String(count)} texts`)
  return { attacks: count, succeeded }
}

function thrownBy(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    return error instanceof QianyunError ? undefined : String(error)
  }
}
