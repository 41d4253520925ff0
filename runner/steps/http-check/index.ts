import { z } from 'zod'
import { checkHttp } from '../../http/check.ts'
import { expectationShape } from '../../http/expectation.ts'
import type { StepKind } from '../kind.ts'

const HttpCheckParams = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(100_000).optional(),
  ...expectationShape,
  attempts: z.int().min(1).max(1000).default(1),
  intervalMs: z.int().min(0).max(600_000).default(1000),
  timeoutMs: z.int().min(1).max(600_000).default(5000),
})
type HttpCheckParams = z.infer<typeof HttpCheckParams>

/** Asks an HTTP address from the runner's place until the answer is as expected. */
export const httpCheck: StepKind<HttpCheckParams, null> = {
  name: 'http-check',
  title: { zh: 'HTTP 检查', en: 'HTTP check' },
  params: HttpCheckParams,
  interrupted: ({ method }) => (method === 'GET' || method === 'HEAD' ? 'plan-again' : 'ask'),
  gather: async () => null,
  plan: (params) => [
    {
      do: 'procedure',
      name: 'http-check',
      title: `${params.method} ${params.url} until ${expectationText(params)}, at most ${params.attempts} times`,
      ...(params.method === 'GET' || params.method === 'HEAD' ? { changesNothing: true } : {}),
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    const { answer, attempts, elapsedMs } = await checkHttp(params, params, {
      attempts: params.attempts,
      intervalMs: params.intervalMs,
      signal: context.signal,
    })
    context.say(`${params.method} ${params.url}: ${answer.status} in ${elapsedMs} ms, attempt ${attempts}`)
    return { url: params.url, status: answer.status, attempts, elapsedMs }
  },
}

function expectationText(params: HttpCheckParams): string {
  const parts = [`the status is ${params.status?.join(' or ') ?? '2xx'}`]
  if (params.contains !== undefined) parts.push(`the body contains "${params.contains}"`)
  if (params.expect !== undefined) parts.push(params.expect)
  return parts.join(' and ')
}
