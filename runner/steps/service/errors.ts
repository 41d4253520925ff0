import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when the supervisor of a host does not know a service that is to be started later. */
export class ServiceUnknownError extends QianyunError {
  override name = 'ServiceUnknownError'
  readonly code = 'service-unknown'

  constructor(
    readonly service: string,
    readonly host: string,
    readonly supervisor: 'runit' | 'systemd',
  ) {
    super(said('service-unknown', { service, host, supervisor }))
  }
}
