import { z } from 'zod'
import { WaiverParams } from '../../../domain/plan/waiver-params.ts'
import { wanted } from '../../../domain/schema-problems.ts'
import { FilePath } from '../../../domain/absolute-path.ts'
import { HttpUrl } from '../../../domain/http-address.ts'
import { BackendName, ServerLine } from '../../../domain/plan/endpoint.ts'
import { ServiceName } from '../../../domain/service-name.ts'
import { Identifier } from '../../../domain/identifier.ts'
import { expectationShape } from '../../http/expectation.ts'
import type { StepDeclaration } from '../declaration.ts'

const ServerAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, wanted('address-and-port'))

const Params = z.strictObject({
  host: Identifier,
  /** `switchable` only looks, and fails where something else in the configuration would keep requests from the new target. */
  state: z.enum(['switched', 'switchable']).default('switched'),
  proxy: z.enum(['haproxy', 'nginx']).default('haproxy'),
  configFile: FilePath,
  service: ServiceName,
  backend: BackendName,
  server: ServerLine.default('server'),
  /** Server lines that are switched together; replaces `server`. */
  servers: z.array(ServerLine).min(1).max(200).optional(),
  /** Lists of further lines of the backend that other steps switch: they are not in the way. */
  besides: z.array(z.array(ServerLine)).max(50).default([]),
  /** The applications behind it, on both sides, as they are reached without it: for `switchable`. */
  behind: z
    .array(
      z.strictObject({
        host: Identifier,
        address: z.string().min(1).max(260),
        port: z.int().min(1).max(65_535),
      }),
    )
    .max(400)
    .default([]),
  /** Whether the new target is asked first, as the proxy will ask it; default: with `switchable`. */
  asked: z.boolean().optional(),
  waivers: WaiverParams,
  /** The new target: an address, or one for each site. A shorter list than the server lines is used in turn. */
  to: z.union([ServerAddress, z.array(ServerAddress).min(1).max(200)]),
  /** A request through the endpoint afterwards; its answer should show which side serves. */
  probe: z
    .strictObject({
      url: HttpUrl,
      ...expectationShape,
      attempts: z.int().min(1).max(1000).default(40),
      intervalMs: z.int().min(10).max(60_000).default(250),
      timeoutMs: z.int().min(1).max(60_000).default(2000),
    })
    .optional(),
})

export const EndpointHttpParams = Params.refine(
  ({ servers = [''], to }) => addressesIn(to).length <= servers.length,
  {
    path: ['to'],
    message: wanted('more-addresses-than-lines'),
  },
)
export type EndpointHttpParams = z.infer<typeof EndpointHttpParams>

function addressesIn(to: string | readonly string[]): readonly string[] {
  return typeof to === 'string' ? [to] : to
}

/** The server lines of a step, and the new address of each. */
export function linesOf({ server, servers = [server], to }: EndpointHttpParams): {
  readonly servers: readonly string[]
  readonly addresses: readonly string[]
} {
  const given = addressesIn(to)
  return { servers, addresses: servers.map((_, index) => given[index % given.length] ?? '') }
}

/** Points server lines of a reverse proxy at other addresses, checks the configuration, and reloads the proxy once. */
export const endpointHttp: StepDeclaration<EndpointHttpParams> = {
  name: 'endpoint-http',
  title: { zh: '切换 HTTP 入口', en: 'Switch the HTTP endpoint' },
  params: EndpointHttpParams,
  onlyInMove: true,
  uses: ({ host, behind }) => ({ hosts: [...new Set([host, ...behind.map((one) => one.host)])] }),
  undoable: ({ state }) => state === 'switched',
}
