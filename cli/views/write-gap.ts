import type { WriteGap } from '../../api/contract/migration.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import type { Session } from '../identity/session.ts'

type Figure = { readonly [K in keyof WriteGap]: WriteGap[K] | undefined }

/** How long writers waited: the figure, a bound of it, or that nothing measured it. */
export function gapText({ say }: Session, { gapMs, gapBound }: Figure): string {
  if (gapMs === undefined) return say(m.gapNotMeasured)
  // Up, so that no gap is shown as none.
  return say(gapBound === undefined ? m.gapMeasured : m.gapAtMost, { ms: Math.ceil(gapMs) })
}
