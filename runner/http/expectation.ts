import { Environment, parse } from '@marcbachmann/cel-js'
import { z } from 'zod'
import { messageOf } from '../../domain/errors.ts'
import { saying } from '../../domain/schema-problems.ts'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import { withinBudget } from '../language/budget.ts'
import type { Answer } from './ask.ts'

/** The expected answer. All given members must hold. */
export const expectationShape = {
  /** Accepted status codes, or `any`; default: 200 to 299. */
  status: z
    .union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1), z.literal('any')])
    .transform((status) => (status === 'any' ? status : [status].flat()))
    .optional(),
  /** A text the body contains. */
  contains: z.string().min(1).max(1000).optional(),
  /** CEL over `status`, `headers`, `body` and `json` (the parsed body, null if it is not JSON). */
  expect: z.string().max(1000).superRefine(refuseBrokenCel).optional(),
}

export const Expectation = z.strictObject(expectationShape)
export type Expectation = z.infer<typeof Expectation>

const environment = new Environment()
  .registerVariable('status', 'int')
  .registerVariable('headers', 'map<string, string>')
  .registerVariable('body', 'string')
  .registerVariable('json', 'dyn')

/** Says how an answer differs from the expectation; undefined if it does not. */
export function unmet(answer: Answer, expectation: Expectation): Said | undefined {
  const { status, contains, expect } = expectation
  const isGood =
    status === undefined
      ? answer.status >= 200 && answer.status < 300
      : status === 'any' || status.includes(answer.status)
  if (!isGood) {
    const found = answer.status
    return status === undefined || status === 'any'
      ? said('http-status-2xx', { status: found })
      : said('http-status', { status: found, expected: status })
  }
  if (contains !== undefined && !answer.body.includes(contains)) {
    return said('http-body-lacks', { text: contains, body: shapeOf(answer) })
  }
  return expect === undefined ? undefined : unmetCel(answer, expect)
}

function unmetCel(answer: Answer, expression: string): Said | undefined {
  try {
    const { headers, body } = answer
    const values = { status: BigInt(answer.status), headers, body, json: parsed(body) }
    const met = withinBudget<unknown>(() => environment.evaluate(expression, values))
    return met === true
      ? undefined
      : said('http-expectation-unmet', { expression, found: String(met), body: shapeOf(answer) })
  } catch (error) {
    return said('http-expectation-fails', {
      expression,
      reason: inForeignWords(firstLine(error)),
      body: shapeOf(answer),
    })
  }
}

const shownKeys = 8

/** Describes a body without its content, which may be personal data: failures are kept for years. */
function shapeOf({ headers, body }: Answer): Said {
  const json = parsed(body)
  const keys = json !== null && typeof json === 'object' && !Array.isArray(json) ? Object.keys(json) : []
  return said('http-body', {
    bytes: Buffer.byteLength(body),
    type: headers['content-type'] ?? 'no type',
    keys: keys.slice(0, shownKeys),
  })
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function refuseBrokenCel(text: string, context: z.RefinementCtx<string>): void {
  if (/\bmatches\s*\(/.test(text)) {
    context.addIssue({ code: 'custom', ...saying(said('expression-uses-matches')) })
  }
  try {
    parse(text)
  } catch (error) {
    context.addIssue({ code: 'custom', ...saying(brokenSaid(error)) })
  }
}

const brokenSaid = (error: unknown): Said =>
  said('expression-broken', { reason: inForeignWords(firstLine(error)) })

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}
