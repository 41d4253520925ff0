import { z } from 'zod'
import { Identifier } from '../../domain/identifier.ts'
import { parties, roles } from '../../domain/organisation.ts'
import { Reason } from '../../domain/reason.ts'

export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest in hex')

/** The id of a registered key: the first 16 hex digits of the SHA-256 of its SPKI DER. */
export const KeyId = z.string().regex(/^[0-9a-f]{16}$/, 'must be a key id: 16 hex digits')

export const Signature = z
  .string()
  .regex(/^[A-Za-z0-9+/]{86}==$/, 'must be an Ed25519 signature in base64: 88 characters')

/** `<system>-<n>`, longer than an identifier by the number. */
export const MigrationId = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,72}[a-z0-9])?$/,
    'must be the id of a move: lower case letters, digits and hyphens',
  )

export const TaskId = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?$/,
    'must be the id of a task: lower case letters, digits, hyphens',
  )

export { Reason }
export const Note = z.string().trim().max(4000)

export const Role = z.enum(roles)
export const Party = z.enum(parties)
export const Actor = z.object({
  account: z.string(),
  role: z.enum([...roles, 'engine']),
  organisation: z.string(),
})

export const Nothing = z.strictObject({})
/** Nothing, or an empty object from clients that always send one. */
export const NoBody = z.strictObject({}).optional()
export const SystemParams = z.strictObject({ system: Identifier })
/** A system's newest move by the system's name, or any move by its own id. */
export const MoveParams = z.strictObject({ system: MigrationId })
export const TaskParams = z.strictObject({ migration: MigrationId, task: TaskId })
