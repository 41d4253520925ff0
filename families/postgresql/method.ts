import type { DatabasePlace } from '../../domain/host.ts'
import type { Method, MethodFacts } from '../../domain/plan/method.ts'
import { said } from '../../domain/words/said.ts'
import { defaultDeadlineMs } from './steps/switchover/params.ts'

/** A database crosses online: what differs is whether its clients wait at a pooler or come again at the other server. */
export function databaseMethod({ entry }: MethodFacts<DatabasePlace>): Method {
  const length = said('length-seconds', { count: defaultDeadlineMs / 1_000 })
  const back = { wayBack: said('back-replicated'), isLossless: true }
  return entry === 'pgbouncer'
    ? {
        method: 'online-behind-pooler',
        because: said('method-for-pooler'),
        writeGap: said('gap-waits', { length }),
        ...back,
      }
    : {
        method: 'online-direct',
        because: said('method-for-direct'),
        writeGap: said('gap-errors', { length }),
        ...back,
      }
}
