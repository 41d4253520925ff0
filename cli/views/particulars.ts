import type { MigrationView } from '../../api/contract.ts'
import type { Language, Said } from '../../domain/words/message.ts'
import { isKnown, nameOf, said, say } from '../../domain/words/said.ts'

type Failure = NonNullable<NonNullable<MigrationView['step']>['failure']>
type Gate = Pick<NonNullable<MigrationView['rehearsal']>['gates'][number], 'name' | 'target'>

/** What the server says: a word of the catalogue, or a sentence recorded before it sent words. */
export function toldText(language: Language, told: Said | string): string {
  return typeof told === 'string' ? told : say(language, told)
}

/** What an abort could not undo; empty where it undid everything. */
export function leftBehindText(language: Language, left: readonly (Said | string)[] = []): string {
  return left.length === 0 ? '' : say(language, said('left-behind', { left }))
}

export function gateName(language: Language, { name, target }: Gate): string {
  const said = nameOf(language, 'gate', name)
  if (target === undefined) return said
  return language === 'zh' ? `${said}（${target}）` : `${said} (${target})`
}

/** Why a step failed, and at which step of its playbook. */
export function failureText(language: Language, failure: Failure): string {
  const { code, values = {}, message, playbookStep, playbookTitle } = failure
  // The sentence that came along names the playbook's step itself.
  if (!isKnown(language, { code, values })) return message
  const text = say(language, { code, values })
  if (playbookStep === undefined) return text
  return `${playbookTitle?.[language] ?? playbookStep}${language === 'zh' ? '：' : ': '}${text}`
}
