import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { alreadySent, handle } from '../http/handler.ts'
import { visibleMove } from '../use-cases/visibility.ts'

/** Byte by byte what was digested, for who may read the move that names it: anyone can check it against its digest. */
export const showFact = handle(routes.showFact, async ({ params, reply, account }, context) => {
  const { digest } = params
  const move = await visibleMove(context, account, params.system)
  if (!(await context.stores.migrations.names(move.migration, digest))) throw new HiddenError('facts', digest)
  const text = await context.stores.facts.text(digest)
  await reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('etag', `"${digest}"`)
    .send(Buffer.from(text, 'utf8'))
  return alreadySent
})
