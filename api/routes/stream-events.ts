import { routes } from '../contract.ts'
import { EventStream } from '../http/event-stream.ts'
import { isStill } from '../http/auth.ts'
import { alreadySent, handle } from '../http/handler.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const streamEvents = handle(
  routes.streamEvents,
  async ({ query, request, reply, account }, context) => {
    const only =
      query.migration === undefined ? undefined : await visibleMove(context, account, query.migration)
    const last = Number(request.headers['last-event-id'] ?? NaN)
    const after = Number.isSafeInteger(last) && last >= 0 ? last : query.after
    const from = after ?? (await context.stores.migrations.lastPosition())
    reply.hijack()
    const stream = new EventStream(context, account, reply.raw, only?.migration, async () =>
      isStill(account, request, context),
    )
    void stream.run(from)
    return alreadySent
  },
)
