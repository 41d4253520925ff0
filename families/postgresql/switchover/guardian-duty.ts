import { z } from 'zod'
import { ManagedService, ServerTls, WeakLogin } from '../../../domain/host.ts'
import { EntryDuty } from '../entry/duty.ts'

const side = z.strictObject({
  called: z.string(),
  address: z.string(),
  port: z.number(),
  database: z.string(),
  adminUser: z.string(),
  adminPassword: z.string(),
  appRoles: z.array(z.string()),
  replicationAddress: z.string(),
  weakLogin: WeakLogin.optional(),
  tls: ServerTls.optional(),
  managed: ManagedService.optional(),
})

/** A database that a guarded run switches. */
const pair = z.strictObject({
  from: side,
  to: side,
  entry: EntryDuty,
  /** The server processes of the guarded run. */
  processes: z.strictObject({ from: z.array(z.number()), to: z.array(z.number()) }),
})
export type GuardedPair = z.infer<typeof pair>

/** The duty of a guardian: the first line of its standard input. It contains passwords, so it is passed in no other way. */
export const GuardianDuty = z.strictObject({
  /** Those that are switched together. */
  pairs: z.array(pair).min(1),
  /** How long the run may be silent before it counts as dead. */
  silentForMs: z.number(),
  recoverForMs: z.number(),
})
export type GuardianDuty = z.infer<typeof GuardianDuty>

/** Messages: from a guardian once it has its duty; to a guardian while the run is alive, and when nothing is left to guard. */
export const guardianReady = 'ready'
export const runIsThere = 'there'
export const guardianRelieved = 'relieved'
