import { z } from 'zod'
import { type ValueFormat, wanted } from './schema-problems.ts'

const fewest = 2

/** Two letters or characters can say enough (停电, 误报); marks and blanks say nothing, nor do letters that are not seen (U+3164). */
const inWords = (wants: ValueFormat) =>
  z
    .string()
    .trim()
    .max(2000)
    .refine(
      (text) =>
        (text.match(/(?!\p{Default_Ignorable_Code_Point})[\p{Letter}\p{Number}]/gu) ?? []).length >= fewest,
      wanted(wants),
    )

/** Why somebody does something grave. */
export const Reason = inWords('says-why')

/** What somebody declares in writing. */
export const Statement = inWords('says-what')
