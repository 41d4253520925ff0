import type { WayBackStanding } from '../../api/contract.ts'
import type { Paint } from '../terminal/paint.ts'

/** The colour of a way back by how it stands. */
export function wayBackPaint(paint: Paint, standing: WayBackStanding): (text: string) => string {
  switch (standing) {
    case 'armed':
      return paint.good
    case 'unknown':
    case 'arming':
    case 'degraded':
      return paint.warn
    case 'lost':
    case 'given-up':
      return paint.bad
    case 'not-needed':
    case 'disarmed':
      return paint.quiet
  }
}
