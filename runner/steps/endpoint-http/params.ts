import { z } from 'zod'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { Identifier } from '../../../domain/identifier.ts'
import { expectationShape } from '../../http/expectation.ts'
import type { StepDeclaration } from '../declaration.ts'

export const EndpointHttpParams = z.strictObject({
  host: Identifier,
  proxy: z.enum(['haproxy', 'nginx']).default('haproxy'),
  configFile: AbsolutePath,
  service: z.string().regex(/^[A-Za-z0-9@_.-]+$/, 'must be the name of a service'),
  backend: z.string().regex(/^[A-Za-z0-9_.:-]+$/, 'must be the name of a backend or upstream'),
  server: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]+$/, 'must be the name of a server')
    .default('server'),
  /** Where requests go from now on. */
  to: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'must be an address with a port: 10.1.2.3:8080'),
  /** Asked through the endpoint afterwards; tells by its answer which side serves. */
  probe: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      ...expectationShape,
      attempts: z.int().min(1).max(1000).default(40),
      intervalMs: z.int().min(10).max(60_000).default(250),
      timeoutMs: z.int().min(1).max(60_000).default(2000),
    })
    .optional(),
})
export type EndpointHttpParams = z.infer<typeof EndpointHttpParams>

/** Points a reverse proxy at another address: one server line, checked before it stays in place, reloaded. */
export const endpointHttp: StepDeclaration<EndpointHttpParams> = {
  name: 'endpoint-http',
  title: { zh: '切换 HTTP 入口', en: 'Switch the HTTP endpoint' },
  params: EndpointHttpParams,
  onlyInMove: true,
  undoable: () => true,
}
