import { readReason, type RecordedReason, type WayBackStanding } from '../../api/contract.ts'
import type { Language } from '../../domain/words/message.ts'
import { say } from '../../domain/words/said.ts'
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

/** Why a way back is not armed, in the reader's language. */
export function wayBackReasonsText(language: Language, reasons: readonly RecordedReason[]): string {
  return reasons.map((reason) => say(language, readReason(reason))).join(language === 'zh' ? '、' : ', ')
}
