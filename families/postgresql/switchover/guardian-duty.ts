import { z } from 'zod'

const side = z.strictObject({
  role: z.string(),
  address: z.string(),
  port: z.number(),
  database: z.string(),
  adminUser: z.string(),
  adminPassword: z.string(),
  appRoles: z.array(z.string()),
  replicationAddress: z.string(),
})

/** What a guardian is told, as the first line on its standard input: passwords are in it, so it goes nowhere else. */
export const GuardianDuty = z.strictObject({
  from: side,
  to: side,
  entryName: z.string(),
  console: z.strictObject({
    address: z.string(),
    port: z.number(),
    user: z.string(),
    password: z.string(),
  }),
  /** The servers' processes of the run that is guarded. */
  processes: z.strictObject({ from: z.array(z.number()), to: z.array(z.number()) }),
  /** It says that it is there; after this long without a word it is taken for dead. */
  silentForMs: z.number(),
  recoverForMs: z.number(),
})
export type GuardianDuty = z.infer<typeof GuardianDuty>

/** Said by a guardian once it has its duty; to it while the run is there, and when nothing is left to guard. */
export const guardianReady = 'ready'
export const runIsThere = 'there'
export const guardianRelieved = 'relieved'
