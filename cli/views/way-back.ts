import {
  type MigrationView,
  readReason,
  type RecordedReason,
  type WayBackStanding,
} from '../../api/contract.ts'
import type { Language } from '../../domain/words/message.ts'
import { say as sayIn } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import type { Paint } from '../terminal/paint.ts'
import type { Moments } from './moment.ts'

/** The colour of a way back by how it stands. */
export function wayBackPaint(paint: Paint, standing: WayBackStanding): (text: string) => string {
  switch (standing) {
    case 'armed':
      return paint.good
    case 'unknown':
    case 'arming':
    case 'kept':
    case 'attested':
    case 'degraded':
      return paint.warn
    case 'lost':
    case 'given-up':
    case 'unwatched':
      return paint.bad
    case 'not-needed':
    case 'disarmed':
      return paint.quiet
  }
}

/** Why a way back is not armed, in the reader's language. */
export function wayBackReasonsText(language: Language, reasons: readonly RecordedReason[]): string {
  return reasons.map((reason) => sayIn(language, readReason(reason))).join(language === 'zh' ? '、' : ', ')
}

/** What keeps the new side from being current before its switch; undefined if nothing does. */
export function forwardLine(
  { say, paint, language }: Session,
  { forward }: MigrationView,
  moments: Moments,
): string | undefined {
  if (forward === undefined) return undefined
  const { atMs, reasons } = forward
  return paint.bad(
    say(m.forwardReasons, { at: moments.at(atMs), reasons: wayBackReasonsText(language, reasons) }),
  )
}
