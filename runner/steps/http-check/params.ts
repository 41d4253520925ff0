import { z } from 'zod'
import { HttpUrl } from '../../../domain/http-address.ts'
import { RequestHeaders, RequestSecrets, refuseOtherHost } from '../../../domain/plan/write-probe.ts'
import { expectationShape } from '../../http/expectation.ts'
import type { StepDeclaration } from '../declaration.ts'

export const HttpCheckParams = z
  .strictObject({
    url: HttpUrl,
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    headers: RequestHeaders.default({}),
    /** `{name}` in a header line or in the body becomes the secret that is named here. The playbook declares it. */
    secrets: RequestSecrets.default({}),
    body: z.string().max(100_000).optional(),
    ...expectationShape,
    attempts: z.int().min(1).max(1000).default(1),
    intervalMs: z.int().min(0).max(600_000).default(1000),
    timeoutMs: z.int().min(1).max(600_000).default(5000),
  })
  .superRefine(({ secrets, headers }, context) => refuseOtherHost({ secrets, headers: [headers] }, context))
export type HttpCheckParams = z.infer<typeof HttpCheckParams>

/** Requests an HTTP address, from the runner, until the answer is as expected. */
export const httpCheck: StepDeclaration<HttpCheckParams> = {
  name: 'http-check',
  title: { zh: 'HTTP 检查', en: 'HTTP check' },
  params: HttpCheckParams,
}
