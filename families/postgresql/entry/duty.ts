import { z } from 'zod'
import { WeakLogin } from '../../../domain/host.ts'

/** An entry as a guardian is told of it. It contains passwords, so it is passed by standard input alone. */
export const EntryDuty = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pgbouncer'),
    name: z.string(),
    console: z.strictObject({
      address: z.string(),
      port: z.number(),
      user: z.string(),
      password: z.string(),
      weakLogin: WeakLogin.optional(),
    }),
  }),
  z.strictObject({ kind: z.literal('none') }),
])
export type EntryDuty = z.infer<typeof EntryDuty>
