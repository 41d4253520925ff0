import type { DatabasePlace } from '../../domain/host.ts'
import type { Method, MethodFacts } from '../../domain/plan/method.ts'
import { said } from '../../domain/words/said.ts'
import { defaultDeadlineMs } from './steps/switchover/params.ts'

/** A database crosses online: what differs is whether its clients wait at a pooler or come again at the other server. */
export function databaseMethod({ entry, target: { managed } }: MethodFacts<DatabasePlace>): Method {
  const length = said('length-seconds', { count: defaultDeadlineMs / 1_000 })
  const back = { wayBack: said('back-replicated'), isLossless: true }
  const isPooled = entry === 'pgbouncer'
  const clients = isPooled ? said('method-for-pooler') : said('method-for-direct')
  return {
    method: isPooled ? 'online-behind-pooler' : 'online-direct',
    because:
      managed === undefined ? clients : said('method-for-managed', { clients, version: managed.version }),
    writeGap: isPooled ? said('gap-waits', { length }) : said('gap-errors', { length }),
    ...back,
  }
}
