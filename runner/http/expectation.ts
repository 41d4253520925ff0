import { Environment, parse } from '@marcbachmann/cel-js'
import { z } from 'zod'
import type { Answer } from './ask.ts'

/** What a good answer looks like. Everything given must hold. */
export const expectationShape = {
  /** Good status codes; any 200–299 when absent. */
  status: z
    .union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)])
    .transform((status) => [status].flat())
    .optional(),
  /** A text the body contains. */
  contains: z.string().min(1).max(1000).optional(),
  /** CEL over `status`, `headers`, `body` and `json` (the body parsed, null when it is no JSON). */
  expect: z.string().max(1000).superRefine(refuseBrokenCel).optional(),
}

export const Expectation = z.strictObject(expectationShape)
export type Expectation = z.infer<typeof Expectation>

const environment = new Environment()
  .registerVariable('status', 'int')
  .registerVariable('headers', 'map<string, string>')
  .registerVariable('body', 'string')
  .registerVariable('json', 'dyn')

/** Says what is wrong with an answer; undefined when it is as expected. */
export function unmet(answer: Answer, expectation: Expectation): string | undefined {
  const { status, contains, expect } = expectation
  const goodStatus =
    status === undefined ? answer.status >= 200 && answer.status < 300 : status.includes(answer.status)
  if (!goodStatus) {
    return `the status is ${answer.status}, expected is ${status === undefined ? 'any from 200 to 299' : status.join(' or ')}`
  }
  if (contains !== undefined && !answer.body.includes(contains)) {
    return `the body does not contain "${contains}"; ${shapeOf(answer)}`
  }
  return expect === undefined ? undefined : unmetCel(answer, expect)
}

function unmetCel(answer: Answer, expect: string): string | undefined {
  try {
    const { headers, body } = answer
    const met: unknown = environment.evaluate(expect, {
      status: BigInt(answer.status),
      headers,
      body,
      json: parsed(body),
    })
    return met === true ? undefined : `"${expect}" is ${String(met)}; ${shapeOf(answer)}`
  } catch (error) {
    return `"${expect}" cannot be told: ${firstLine(error)}; ${shapeOf(answer)}`
  }
}

/** What a body is, without its content: that may be personal data, and failures are kept for years. */
function shapeOf({ headers, body }: Answer): string {
  const json = parsed(body)
  const keys = json !== null && typeof json === 'object' && !Array.isArray(json) ? Object.keys(json) : []
  const named = keys.length === 0 ? '' : ` with the keys ${keys.slice(0, 10).join(', ')}`
  return `the body is ${Buffer.byteLength(body)} bytes of "${headers['content-type'] ?? 'no type'}"${named}`
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
    context.addIssue({
      code: 'custom',
      message: 'uses "matches", which is left out because a regular expression may run forever; use contains',
    })
  }
  try {
    parse(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is no CEL expression: ${firstLine(error)}` })
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
