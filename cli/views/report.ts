import type { Language } from '../../domain/words/message.ts'
import { isSaid, nameOf, say } from '../../domain/words/said.ts'
import { sentence, speak } from '../language/message.ts'
import { reportFields, reportValues, valueWords, wordFields } from '../messages/report.ts'
import { formatInstant } from '../../domain/wall-clock.js'
import { outline, type OutlineWords } from './outline.ts'

/** A small document in the words and the one language of the reader, with nothing left out. */
export function documentLines(content: unknown, language: Language): string[] {
  return outline(content, 0, wordsOf(language, zoneOf(content)))
}

/**
 * A trial-run report for those who sign it: every field of it, in the words and the one language of the reader, times on
 * the clocks of its programme. Nothing is left out: what is signed is all of it.
 */
export function reportLines(content: unknown, language: Language, indent = 0): string[] {
  return outline(content, indent, wordsOf(language, zoneOf(content)))
}

function wordsOf(language: Language, timeZone: string): OutlineWords {
  return {
    field: (name) => reportFields[name]?.[language] ?? name,
    value: (name, value, of) => {
      if (value === null || (Array.isArray(value) && value.length === 0)) return '—'
      if (typeof value === 'boolean') return valueWords[value ? 'yes' : 'no'][language]
      if (typeof value === 'number' && /AtMs$|^atMs$/.test(name))
        return `${formatInstant(value, timeZone)} ${timeZone}`
      if (typeof value === 'number' && name.endsWith('Ms'))
        return speak(language, sentence(valueWords.milliseconds, { count: value }))
      if (isSaid(value)) return say(language, value)
      if (of === 'gates' && name === 'name' && typeof value === 'string')
        return nameOf(language, 'gate', value)
      if (of === 'methods' && name === 'method' && typeof value === 'string')
        return nameOf(language, 'method', value)
      if (of === 'skippedSteps' && name === 'step' && typeof value === 'string')
        return nameOf(language, 'step', value)
      if (typeof value === 'string') return wordFields.has(name) ? reportValues[value]?.[language] : undefined
      return inBoth(value)?.[language]
    },
  }
}

/** A text that the report holds in both languages. */
function inBoth(value: unknown): Record<Language, string> | undefined {
  if (value === null || typeof value !== 'object' || !('zh' in value) || !('en' in value)) return undefined
  const { zh, en } = value
  return typeof zh === 'string' && typeof en === 'string' ? { zh, en } : undefined
}

function zoneOf(content: unknown): string {
  const policy = (content as { policy?: { timeZone?: unknown } } | null)?.policy
  return typeof policy?.timeZone === 'string' ? policy.timeZone : 'Asia/Shanghai'
}
