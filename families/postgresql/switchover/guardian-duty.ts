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
})
export type GuardianDuty = z.infer<typeof GuardianDuty>

/** Said by a guardian once its connections are open, and to it when nothing is left to guard. */
export const guardianReady = 'ready'
export const guardianRelieved = 'relieved'
