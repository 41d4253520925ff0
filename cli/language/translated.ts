import { speak } from './message.ts'
import type { Language, Message } from '../../domain/words/message.ts'

/** A text that was made by one of these forms, in the reader's language; as it stands where none of them fits. */
export function translated(language: Language, text: string, forms: readonly Message[]): string {
  for (const message of forms) {
    const values = valuesIn(text, message.en)
    if (values !== undefined) return speak(language, { message, values })
  }
  return text
}

function valuesIn(text: string, form: string): Record<string, string> | undefined {
  const pattern = form
    .split(/\{(\w+)\}/)
    .map((part, at) => (at % 2 === 1 ? `(?<${part}>.+?)` : literal(part)))
  const found = new RegExp(`^${pattern.join('')}$`, 'su').exec(text)
  return found === null ? undefined : { ...found.groups }
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
