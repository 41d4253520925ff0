import { z } from 'zod'

const fewest = 2

/** Two letters or characters can say enough (停电, 误报); marks and blanks say nothing. */
const saying = (what: string) =>
  z
    .string()
    .trim()
    .max(2000)
    .refine(
      (text) => (text.match(/[\p{Letter}\p{Number}]/gu) ?? []).length >= fewest,
      `${what}, in at least ${String(fewest)} letters or characters`,
    )

/** Why somebody does something grave. */
export const Reason = saying('must say why')

/** What somebody declares in writing. */
export const Statement = saying('must say what is declared')
