import { translated } from '../language/translated.ts'
import type { Language } from '../../domain/words/message.ts'
import { gateFindings, gateNames, wayBackReasons } from '../messages/particulars.ts'

export const gateName = (language: Language, name: string): string => translated(language, name, gateNames)

/** What a gate was held against: several sentences where several runs failed. */
export function gateFinding(language: Language, found: string): string {
  const sentences = found.split('; ').map((each) => translated(language, each, gateFindings))
  return sentences.join(language === 'zh' ? '；' : '; ')
}

export function wayBackReasonsText(language: Language, reasons: readonly string[]): string {
  const said = reasons.map((reason) => translated(language, reason, wayBackReasons))
  return said.join(language === 'zh' ? '、' : ', ')
}
