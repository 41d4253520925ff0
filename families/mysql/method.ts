import type { Method } from '../../domain/plan/method.ts'
import { said } from '../../domain/words/said.ts'
import { defaultDeadlineMs } from './steps/switchover/params.ts'

/** A database crosses online: its clients come again at the other server. */
export function directMethod(): Method {
  return {
    method: 'online-direct',
    because: said('method-for-mariadb'),
    writeGap: said('gap-errors', { length: said('length-seconds', { count: defaultDeadlineMs / 1_000 }) }),
    wayBack: said('back-replicated'),
    isLossless: true,
  }
}
