import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'

/** Thrown when the writers of a rehearsal could not write through the entry. */
export class RehearsalWritersStoppedError extends QianyunError {
  override name = 'RehearsalWritersStoppedError'
  readonly code = 'rehearsal-writers-stopped'
  readonly entry: string

  constructor(
    place: {
      readonly address: string
      readonly port: number
      readonly database: string
      readonly user: string
    },
    readonly waitedMs: number,
    readonly reason: Said | undefined,
  ) {
    const entry = `${place.address}:${String(place.port)}/${place.database}`
    super(said('rehearsal-writers-stopped', { entry, role: place.user, waitedMs, reason }))
    this.entry = entry
  }
}
