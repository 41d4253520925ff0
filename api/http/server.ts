import { csvOfBytes } from '../../domain/ledger/csv-bytes.ts'
import { said } from '../../domain/words/said.ts'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { actorOf, guardRoutes } from './auth.ts'
import { createContext, type ApiContext, type ApiParts } from '../context.ts'
import { HiddenError } from '../errors/access.ts'
import type { Handler } from './handler.ts'
import { refuseOtherMethods } from './methods.ts'
import { servePages } from './pages.ts'
import type { Problem } from '../contract.ts'
import { problemWith, problemOf } from './problem.ts'
import { repeat } from './repeat.ts'
import { handlers } from '../routes/index.ts'
import { securityHeaders } from './security-headers.ts'

const jsonLimitBytes = 1024 * 1024

/** The API on what it is given, ready to listen or to be asked in a test. Closing it closes nothing it was given. */
export async function createServer(
  parts: ApiParts,
  options: { readonly logger?: FastifyBaseLogger } = {},
): Promise<FastifyInstance> {
  const context = createContext(parts)
  const app = Fastify({
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    bodyLimit: jsonLimitBytes,
    requestTimeout: 120_000,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 200 },
    // What cannot even be routed, such as an address that is not one.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      sendProblem(reply, problemOf(error))
    },
  })
  guardRoutes(app, context)
  const refuseTheRest = refuseOtherMethods(app)
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!reply.hasHeader(name)) reply.header(name, value)
    }
  })
  answerErrors(app, context)
  await app.register(swagger, { openapi: description, transform: jsonSchemaTransform })
  await registerByBody(app, context)
  servePages(app, context.settings.consoleFolder)
  refuseTheRest()
  for (const stop of keepUp(context)) app.addHook('onClose', stop)
  await app.ready()
  return app
}

/** What the API does although nobody asks. */
function keepUp({ settings, moves, stores, recording }: ApiContext): (() => Promise<void>)[] {
  const { lookEveryMs, thinning } = settings
  return [
    ...(lookEveryMs === undefined
      ? []
      : [
          repeat(lookEveryMs, (signal) => moves.watch.lookAtAll(signal)),
          repeat(lookEveryMs, (signal) => moves.ledger.look(undefined, signal)),
          // So that it is known since when, whoever asks first.
          repeat(lookEveryMs, () => recording.look()),
        ]),
    ...(thinning === undefined
      ? []
      : [repeat(thinning.everyMs, () => stores.measurements.thinWayBack(Date.now() - thinning.olderThanMs))]),
  ]
}

const description: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.0',
  info: {
    title: 'Qianyun',
    version: '1',
    description:
      'Moves of government systems to their cloud: launch, follow, sign, cut over, roll back, audit.',
  },
  components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  security: [{ token: [] }],
}

/** A route takes the content types it names and no other: each kind of body has a room of its own with its parsers. */
async function registerByBody(app: FastifyInstance, context: ApiContext): Promise<void> {
  const takes = (type: string) => (handler: Handler) => handler.route.takes?.includes(type as never) === true
  const all = Object.values(handlers)
  const bytes = all.filter(takes('application/octet-stream'))
  const csv = all.filter(takes('text/csv'))
  const json = all.filter((handler) => !bytes.includes(handler) && !csv.includes(handler))
  app.removeAllContentTypeParsers()
  await app.register(async (room) => {
    takeJson(room)
    for (const handler of json) handler.register(room, context)
  })
  await app.register(async (room) => {
    takeJson(room)
    room.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
      csvOfBytes(body),
    )
    for (const handler of csv) handler.register(room, context)
  })
  await app.register(async (room) => {
    room.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const handler of bytes) handler.register(room, context)
  })
}

function takeJson(room: FastifyInstance): void {
  // A body that names "__proto__" or "constructor.prototype" is refused, not cleaned.
  room.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    room.getDefaultJsonParser('error', 'error'),
  )
}

function answerErrors(app: FastifyInstance, { refusals }: Pick<ApiContext, 'refusals'>): void {
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const found = problemWith(404, said('unknown-route', { method: request.method, path }))
    return sendProblem(reply, found)
  })
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const found = problemOf(error)
    if (found.status >= 500) request.log.error({ err: error, code: found.code }, 'request failed')
    const { account, method } = request
    const isRefusal =
      found.status === 401 ||
      found.status === 403 ||
      error instanceof HiddenError ||
      (!['GET', 'HEAD'].includes(method) && account !== null && [404, 409, 422].includes(found.status))
    if (isRefusal) {
      const actor = account === null ? undefined : actorOf(account)
      const path = request.url.split('?')[0] ?? ''
      const { status, code, detail } = found
      await refusals
        .record({ actor, method, path, status, code, detail })
        .catch((cause: unknown) => request.log.error({ err: cause }, 'refusal not recorded'))
    }
    if (found.status === 401) reply.header('www-authenticate', 'Bearer')
    if (found.status === 503) reply.header('retry-after', '1')
    return sendProblem(reply, found)
  })
}

function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  return reply.code(found.status).type('application/problem+json').send(found)
}
