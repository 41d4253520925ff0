import { checkHttp } from '../../http/check.ts'
import { certificateEnd } from '../../http/certificate.ts'
import { fill, writtenIn } from '../../http/fill.ts'
import { filledHeaders } from '../../http/header-lines.ts'
import { toUrl } from '../../../domain/secret-use.ts'
import { implementKind } from '../implement-kind.ts'
import type { StepContext } from '../kind.ts'
import { type HttpCheckParams, httpCheck } from './params.ts'

/** Carries {@link httpCheck} out. */
export const implementation = implementKind<HttpCheckParams, null>(httpCheck, {
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
    const { answer, ...found } = await checkHttp(await withSecrets(params, context), params, {
      attempts: params.attempts,
      intervalMs: params.intervalMs,
      signal: context.signal,
    })
    const { attempts, elapsedMs, addresses } = found
    const at = addresses === undefined ? '' : ` at each of ${addresses.join(', ')}`
    context.say(
      `${params.method} ${params.url}: ${answer.status} in ${elapsedMs} ms, attempt ${attempts}${at}`,
    )
    const isHttps = new URL(params.url).protocol === 'https:'
    const end = isHttps ? await certificateEnd(params.url, params.timeoutMs) : undefined
    if (end === undefined) return { url: params.url, status: answer.status, ...found }
    const certificateEndsAt = 'endsAtMs' in end ? new Date(end.endsAtMs).toISOString() : 'unknown'
    context.say(`${params.url}: the certificate ends at ${certificateEndsAt}`)
    return { url: params.url, status: answer.status, ...found, certificateEndsAt }
  },
})

/** The request with its secrets in place: they are read as it is made, each for this address alone. */
async function withSecrets(params: HttpCheckParams, context: StepContext): Promise<HttpCheckParams> {
  const read = Object.entries(params.secrets).map(
    async ([name, secret]) => [name, await context.secret(secret, toUrl(params.url))] as const,
  )
  const values = new Map(await Promise.all(read))
  const { body, headers } = params
  return {
    ...params,
    headers: filledHeaders(headers, values),
    ...(body !== undefined && { body: fill(body, values, writtenIn(headers)) }),
  }
}

function expectationText(params: HttpCheckParams): string {
  const { status = ['2xx'] } = params
  const parts = [status === 'any' ? 'there is an answer' : `the status is ${status.join(' or ')}`]
  if (params.contains !== undefined) parts.push(`the body contains "${params.contains}"`)
  if (params.expect !== undefined) parts.push(params.expect)
  return parts.join(' and ')
}
