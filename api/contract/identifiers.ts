import { z } from 'zod'
import { wanted } from '../../domain/schema-problems.ts'
import { Identifier } from '../../domain/identifier.ts'
import { parties, roles } from '../../domain/organisation.ts'
import { Reason } from '../../domain/reason.ts'

export const Digest = z.string().regex(/^[0-9a-f]{64}$/, wanted('hex-digest'))

/** The id of a registered key: the first 16 hex digits of the SHA-256 of its SPKI DER. */
export const KeyId = z.string().regex(/^[0-9a-f]{16}$/, wanted('key-id'))

/** The one base64 text of 64 bytes (RFC 4648 §3.5): of the last character two bits count. */
export const Signature = z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/, wanted('base64-signature'))

/** `<system>-<n>`, longer than an identifier by the number. */
export const MigrationId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,72}[a-z0-9])?$/, wanted('id-of-move'))

export const TaskId = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?$/, wanted('id-of-task'))

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
