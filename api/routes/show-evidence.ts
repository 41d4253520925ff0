import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { alreadySent, handle } from '../http/handler.ts'
import { mayReadEvidence } from '../use-cases/visibility.ts'

/** Always as an attachment and never guessed at: a file somebody brought must not run in a browser here. */
export const showEvidence = handle(routes.showEvidence, async ({ params, actor, reply }, context) => {
  if (!(await mayReadEvidence(context, actor, params.digest)))
    throw new HiddenError('evidence', params.digest)
  const { name, bytes } = await context.stores.evidence.get(params.digest)
  await reply
    .type('application/octet-stream')
    .header('content-disposition', `attachment; filename="evidence"; filename*=UTF-8\'\'${encoded(name)}`)
    .header('etag', `"${params.digest}"`)
    .send(bytes)
  return alreadySent
})

function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
}
