import { withReadEvent } from '../../domain/move/recorded-reason.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const listEvents = handle(routes.listEvents, async ({ params, query, account }, context) => {
  const move = await visibleMove(context, account, params.system)
  const events = await context.stores.migrations.events(move.migration, query.after, query.limit + 1)
  return { events: events.slice(0, query.limit).map(withReadEvent), more: events.length > query.limit }
})
