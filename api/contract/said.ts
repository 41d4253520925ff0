import { z } from 'zod'

export const SaidValues = z.record(z.string(), z.unknown())

/** What is meant: a code of the catalogue (`domain/words`) and the values of its places. Clients say it in the reader's language. */
export const Said = z.object({ code: z.string(), values: SaidValues })
