import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { brokenTexts } from '../../domain/broken-text.ts'
import { schemaProblems, wanted } from '../../domain/schema-problems.ts'
import { InvalidInputError, type InputProblem } from '../../domain/errors.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { Account } from '../../domain/ports/accounts.ts'
import { actorOf } from './auth.ts'
import type { ApiContext } from '../context.ts'
import { Problem, type AnswerOf, type BodyOf, type ParamsOf, type QueryOf, type Route } from '../contract.ts'
import { UnauthenticatedError } from '../errors/access.ts'
import { SecretInRequestError } from '../errors/http.ts'
import { secretProblems } from './secrets-in-request.ts'

/** A request whose every part has passed the route's schemas. */
export interface Asked<R extends Route> {
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  /** Of the `Idempotency-Key`, or made up: the same key by the same account is the same request. */
  readonly requestId: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Throws on a public route. */
  readonly account: Account
  readonly actor: Actor
}

/** One route with what carries it out. */
export interface Handler {
  readonly route: Route
  register(app: FastifyInstance, context: ApiContext): void
}

type Answer<R extends Route> = (asked: Asked<R>, context: ApiContext) => Promise<AnswerOf<R>>

/** What streams, or sends bytes, has sent its answer itself. */
export const alreadySent: unique symbol = Symbol('already sent')

/** Joins a route of the contract with the function that answers it. */
export function handle<R extends Route>(
  route: R,
  answer: Answer<R> | ((asked: Asked<R>, context: ApiContext) => Promise<typeof alreadySent>),
): Handler {
  return {
    route,
    register: (app, context) => {
      app.route({
        method: route.method,
        url: route.path,
        config: { access: route.roles },
        // A stream has no end to tell its length by.
        exposeHeadRoute: route.method === 'GET' && route.gives !== 'text/event-stream',
        schema: descriptionOf(route),
        // Parsing happens below, all parts at once; the schema only describes.
        validatorCompiler: () => () => true,
        serializerCompiler: () => (data) => JSON.stringify(data),
        ...(route.takes?.includes('application/octet-stream') === true
          ? { bodyLimit: 32 * 1024 * 1024 }
          : {}),
        handler: async (request, reply) => {
          const given = await answer(asked(route, request, reply), context)
          if (given === alreadySent) return reply
          return reply.code(route.status).send(given)
        },
      })
    },
  }
}

function asked<R extends Route>(route: R, request: FastifyRequest, reply: FastifyReply): Asked<R> {
  assertNoSecrets(route, request)
  const problems = brokenIn(request)
  const part = (schema: z.ZodType, value: unknown, prefix: string): unknown => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    problems.push(...problemsOf(parsed.error, value, prefix))
    return undefined
  }
  const params = part(route.params, request.params, '')
  const query = part(route.query, request.query, 'query')
  const body = part(route.body, request.body, '')
  const requestId = part(IdempotencyKey, request.headers['idempotency-key'], 'Idempotency-Key')
  if (problems.length > 0) throw new InvalidInputError('The request', problems)
  return {
    params: params as ParamsOf<R>,
    query: query as QueryOf<R>,
    body: body as BodyOf<R>,
    requestId: requestId as string,
    request,
    reply,
    get account() {
      if (request.account === null) throw new UnauthenticatedError(false)
      return request.account
    },
    get actor() {
      return actorOf(this.account)
    },
  }
}

/** Nothing of a request is stored, and nothing of it reaches Temporal, before this. */
function assertNoSecrets(route: Route, request: FastifyRequest): void {
  const { params, query, body, headers } = request
  const problems = secretProblems({
    ...(route.method === 'POST' && route.secrets === undefined ? { body } : {}),
    params,
    query,
    headers: { 'Idempotency-Key': headers['idempotency-key'], 'X-Evidence-Name': evidenceName(headers) },
  })
  if (problems.length > 0) throw new SecretInRequestError(problems)
}

/** Rows of a list are told apart where they are taken: the good ones may be taken alone. */
function brokenIn({ query, body }: FastifyRequest): InputProblem[] {
  return [...brokenTexts({ query }), ...(Array.isArray(body) ? [] : brokenTexts(body))]
}

function evidenceName({ 'x-evidence-name': name }: FastifyRequest['headers']): unknown {
  try {
    return typeof name === 'string' ? decodeURIComponent(name) : name
  } catch {
    return name
  }
}

const IdempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{8,100}$/, wanted('request-key'))
  .default(() => randomUUID())

const KeyHeader = z.object({
  'Idempotency-Key': IdempotencyKey.unwrap()
    .optional()
    .describe(
      'The same key by the same account is the same request: it is carried out once, however often it is sent.',
    ),
})

/** Every problem of a schema, with dotted paths. */
export function problemsOf(error: z.ZodError, given: unknown, prefix = ''): InputProblem[] {
  return schemaProblems(error.issues, given, (path) =>
    [prefix, ...path.map(String)].filter((part) => part !== '').join('.'),
  )
}

function descriptionOf(route: Route): Record<string, unknown> {
  const has = (schema: z.ZodType) => !(schema instanceof z.ZodObject) || Object.keys(schema.shape).length > 0
  const answers = {
    description: 'Answer',
    content: { [route.gives ?? 'application/json']: { schema: route.response } },
  }
  const refused = { description: 'Refusal', content: { 'application/problem+json': { schema: Problem } } }
  return {
    summary: route.summary,
    ...(route.roles === 'public' ? { security: [] } : { description: `For: ${route.roles.join(', ')}.` }),
    ...(has(route.params) ? { params: route.params } : {}),
    ...(route.method === 'POST' ? { headers: KeyHeader } : {}),
    ...(has(route.query) ? { querystring: route.query } : {}),
    ...(route.method === 'POST' && !(route.body instanceof z.ZodOptional) ? { body: route.body } : {}),
    ...(route.takes === undefined ? {} : { consumes: [...route.takes] }),
    response: { [route.status]: answers, '4xx': refused, '5xx': refused },
  }
}
