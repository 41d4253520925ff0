import { words } from './message.ts'

/** Why a step, or what a person asked of the product, failed: one for each code of an error. */
export const failures = words({
  'and-more': { en: '{count} more', zh: '另有 {count} 项' },
})
