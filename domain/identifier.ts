import { z } from 'zod'
import { wanted } from './schema-problems.ts'

/** The shape of every id people type: lower case letters, digits and inner hyphens, at most 63 characters. */
export const Identifier = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, wanted('lower-case-name'))

/**
 * A side of a dataset, as steps name it: the playbook's name of the side (`from`) where the plan has one dataset that can be meant,
 * and otherwise with the dataset before it (`orders@from`).
 */
export const DatasetReference = z
  .string()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?@)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    wanted('dataset-reference'),
  )

/** A text in both languages of the product. */
export const LocalText = z.strictObject({ zh: z.string().min(1).max(400), en: z.string().min(1).max(400) })
export type LocalText = z.infer<typeof LocalText>

/** The name of a secret. The value never leaves the secret store and the process that uses it. */
export const SecretName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, wanted('name-of-secret'))
