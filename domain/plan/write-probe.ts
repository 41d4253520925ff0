import { z } from 'zod'
import { HttpPath } from '../http-address.ts'
import { SecretName } from '../identifier.ts'
import { saying, wanted } from '../schema-problems.ts'
import { said } from '../words/said.ts'

/** What `{name}` in a request stands for. `unique` is a text no other write has. */
const ValueName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, wanted('name-of-value'))

/** Header lines by name. `{name}` in one becomes the value of that name. */
export const RequestHeaders = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, wanted('header-name')),
  z
    .string()
    .max(8_000)
    .regex(/^[^\p{Cc}]*$/u, wanted('header-text')),
)

/**
 * Refuses a request with secrets that names a host of its own: a secret is for the server of an address, and behind one address another host
 * may be somebody else's.
 */
export function refuseOtherHost(
  { secrets = {}, headers }: { secrets?: object | undefined; headers: readonly object[] },
  context: z.RefinementCtx,
): void {
  if (Object.keys(secrets).length === 0) return
  const names = headers.flatMap((lines) => Object.keys(lines))
  if (names.some((name) => otherHost.test(name)))
    context.addIssue({ code: 'custom', path: ['headers'], message: wanted('no-host-beside-secrets') })
}

const otherHost =
  /^(host|forwarded|x-forwarded-host|x-forwarded-server|x-original-host|x-host|x-original-url|x-rewrite-url)$/i

/** The secrets of a request: the name that stands for one in header lines and bodies, and the secret's own. */
export const RequestSecrets = z.record(ValueName, SecretName)

/** What is kept of an answer: what stands between two texts, the value of a cookie, or a field of its JSON (`data.token`). */
const Taken = z.union([
  z.strictObject({ after: z.string().min(1).max(1_000), until: z.string().min(1).max(1_000) }),
  z.strictObject({ cookie: z.string().min(1).max(200) }),
  z.strictObject({ field: z.string().min(1).max(200) }),
])
export type Taken = z.infer<typeof Taken>

/** A request made before the write, as a browser makes it that signs in. Redirects are not followed; cookies are kept. */
const RequestBefore = z.strictObject({
  /** Default: POST with a body, GET without one. */
  method: z.enum(['GET', 'POST', 'PUT']).exactOptional(),
  path: HttpPath,
  headers: RequestHeaders.exactOptional(),
  body: z.string().max(10_000).exactOptional(),
  /** By the names that stand for them in the requests that follow. */
  take: z.record(ValueName, Taken).exactOptional(),
})
export type RequestBefore = z.infer<typeof RequestBefore>

const placeholder = /\{([A-Za-z][A-Za-z0-9_]*)\}/g

/** One write through the public address that is read back there: what proves a side that has just begun to serve. */
export const WriteProbe = z
  .strictObject({
    secrets: RequestSecrets.exactOptional(),
    /** Made first, in this order: a sign-in. */
    before: z.array(RequestBefore).min(1).max(10).exactOptional(),
    /** Default: POST. */
    method: z.enum(['POST', 'PUT', 'PATCH']).exactOptional(),
    path: HttpPath,
    /** Of the write and of the read-back. A body is JSON unless they say otherwise. */
    headers: RequestHeaders.exactOptional(),
    /** `{unique}` becomes a text no other write has. */
    body: z.string().includes('{unique}'),
    /** Where the write is read back: `{name}` stands for what was taken, or for a field of the JSON that answered the write. A list will do. */
    readPath: HttpPath,
    /** What the read-back contains; the unique text when absent. */
    contains: z.string().min(1).exactOptional(),
  })
  .superRefine((probe, context) => {
    const { readPath, contains, secrets, before = [], headers = {} } = probe
    refuseOtherHost({ secrets, headers: [headers, ...before.map((one) => one.headers ?? {})] }, context)
    // A page that says the same before the write proves nothing.
    if (contains?.includes('{unique}') === false && readPath.search(placeholder) < 0)
      context.addIssue({ code: 'custom', path: ['readPath'], message: wanted('names-what-was-written') })
    for (const { path, name } of unknownNames(probe))
      context.addIssue({ code: 'custom', path, ...saying(said('probe-value-unknown', { name })) })
  })
export type WriteProbe = z.infer<typeof WriteProbe>

/** Names in header lines, and in what is sent before the write, that stand for nothing yet. */
function unknownNames({
  secrets = {},
  before = [],
  headers = {},
}: Pick<WriteProbe, 'secrets' | 'before' | 'headers'>): { path: (string | number)[]; name: string }[] {
  const known = new Set(['unique', ...Object.keys(secrets)])
  const unknownIn = (texts: readonly string[], path: (string | number)[]) =>
    texts
      .flatMap((text) => [...text.matchAll(placeholder)].map(([, name = '']) => name))
      .filter((name) => !known.has(name))
      .map((name) => ({ path, name }))
  const found = before.flatMap((request, index) => {
    const texts = [request.path, request.body ?? '', ...Object.values(request.headers ?? {})]
    const unknown = unknownIn(texts, ['before', index])
    for (const name of Object.keys(request.take ?? {})) known.add(name)
    return unknown
  })
  return [...found, ...unknownIn(Object.values(headers), ['headers'])]
}
