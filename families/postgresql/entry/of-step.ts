import { directEntryOf } from '../direct/endpoint.ts'
import { pooledEntryOf } from '../pgbouncer/endpoint.ts'
import type { EndpointParams } from '../steps/endpoint-params.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import type { Entry } from './entry.ts'

/** The entry that a step is given. */
export async function entryOf(params: EndpointParams, context: StepContext): Promise<Entry> {
  return params.kind === 'none' ? directEntryOf(params, context) : pooledEntryOf(params, context)
}
