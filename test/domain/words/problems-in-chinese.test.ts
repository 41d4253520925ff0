import { describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { routes } from '../../../api/contract.ts'
import { problemsSaid } from '../../../domain/errors.ts'
import { System } from '../../../domain/ledger/system.ts'
import { PlanInput } from '../../../domain/plan/plan.ts'
import { Playbook } from '../../../domain/playbook/playbook.ts'
import { schemaProblems } from '../../../domain/schema-problems.ts'
import { valueFormats } from '../../../domain/words/value-formats.ts'
import { isKnown, say } from '../../../domain/words/said.ts'
import { families } from '../../../families/index.ts'
import { problemsOf } from '../../../runner/language/problems.ts'
import { stepKinds } from '../../../runner/steps/index.ts'
import { englishIn } from '../../support/in-chinese.ts'
import { samplePlanInput, samplePlanInputV1 } from '../../support/plan-input.ts'

const junk: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  1e9,
  0.5,
  '',
  'x',
  'Bad Value/../"',
  '/',
  'a'.repeat(2_000),
  [],
  Array.from({ length: 60 }, () => 'a'),
  {},
  { 'no-such-field': 1, 'Bad Key': 2 },
]

/** The value with one of its parts, at any depth, replaced by each sort of junk. */
function* spoiled(value: unknown): Generator {
  yield* junk
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    for (const other of spoiled(part))
      yield Array.isArray(value)
        ? value.map((each: unknown, at) => (String(at) === key ? other : each))
        : { ...value, [key]: other }
  }
}

/** What a Chinese reader is told of everything a schema refuses. */
function toldOf(schema: z.ZodType, documents: Iterable<unknown>): ReadonlySet<string> {
  const told = new Set<string>()
  for (const document of documents) {
    const { error } = schema.safeParse(document)
    const issues = error?.issues ?? []
    for (const problems of [schemaProblems(issues, document), problemsOf(issues, document)])
      for (const problem of problemsSaid(problems)) {
        told.add(isKnown('zh', problem) ? say('zh', problem) : `not said: ${JSON.stringify(problem)}`)
      }
  }
  return told
}

const expectNoEnglish = (told: ReadonlySet<string>): void => {
  expect([...told].filter((sentence) => englishIn(sentence) !== undefined)).toEqual([])
}

describe('what a schema refuses', () => {
  it('is said in Chinese at every route, whatever is sent', () => {
    for (const { params, query, body } of Object.values(routes))
      for (const schema of [params, query, body]) expectNoEnglish(toldOf(schema, junk))
  })

  it('is said in Chinese for every part of a plan, of either version', () => {
    for (const plan of [samplePlanInput(), samplePlanInputV1()]) {
      const told = toldOf(PlanInput, spoiled(plan))
      expect(told.size).toBeGreaterThan(100)
      expectNoEnglish(told)
    }
  })

  it('is said in Chinese for every part of a playbook and of each kind of step', () => {
    const steps = [
      { id: 'a', kind: 'command', with: { host: 'target' }, timeout: '30d', retry: { attempts: 2 } },
    ]
    const playbook = {
      playbook: 'p',
      title: { zh: '例', en: 'Example' },
      inputs: { a: { type: 'host' } },
      steps,
    }
    expectNoEnglish(toldOf(Playbook, spoiled(playbook)))
    for (const { params } of stepKinds.values()) {
      const fields = 'shape' in params ? Object.keys(params.shape as object) : []
      const each = Object.fromEntries(fields.map((field) => [field, 'x']))
      expectNoEnglish(toldOf(params, spoiled(each)))
    }
  })

  it('is said in Chinese for a row of the ledger and for the places of each family', () => {
    const row = {
      system: 'desk-2',
      name: '甲',
      department: 'b',
      mlpsLevel: '九',
      classified: '也许',
      network: 'x',
    }
    expectNoEnglish(toldOf(System, spoiled(row)))
    for (const { place } of families)
      expectNoEnglish(toldOf(place, spoiled({ host: 'a', path: 'x', port: 0 })))
  })
})

it('has no two formats that a schema says alike', () => {
  const texts = Object.values(valueFormats).map(({ en }) => en)
  expect(new Set(texts).size).toBe(texts.length)
})
