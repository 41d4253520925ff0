import type { StepContext } from '../../../runner/steps/kind.ts'
import type { EndpointParams } from '../steps/endpoint-params.ts'
import type { Entry } from '../switchover/plan.ts'

/** The entry with its host and its console's password. */
export async function entryOf(params: EndpointParams, context: StepContext): Promise<Entry> {
  return {
    name: params.entryName,
    host: context.host(params.host),
    file: params.databasesFile,
    console: {
      address: params.address,
      port: params.port,
      user: params.adminUser,
      password: await context.secret(params.adminSecret),
    },
  }
}
