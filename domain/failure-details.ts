import type { Said } from './words/message.ts'

/** What travels through Temporal beside the code and the English sentence of a failure. */
export interface FailureDetails {
  readonly values?: Said['values']
  /** The step of a playbook that failed, and what it is called. */
  readonly playbookStep?: string
  readonly playbookTitle?: { readonly en: string; readonly zh: string }
}

/** Reads the details of a thrown failure; older histories hold the playbook's step only. */
export function failureDetails(details: readonly unknown[] | null | undefined): FailureDetails {
  const [first] = details ?? []
  if (typeof first === 'string') return { playbookStep: first }
  return typeof first === 'object' && first !== null ? first : {}
}

/** Applies `mask` to every text in the values: what must not stand in a sentence must not stand in its values either. */
export function maskedIn<T>(value: T, mask: (text: string) => string): T {
  if (typeof value === 'string') return mask(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => maskedIn(item, mask)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskedIn(each, mask)])) as T
}
