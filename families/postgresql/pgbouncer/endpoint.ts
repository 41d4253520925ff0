import { z } from 'zod'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { Identifier, SecretName } from '../../../domain/identifier.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import type { Entry } from '../switchover/plan.ts'

/** The entry of a plan (`${endpoints.database}`), as step kinds take it. */
export const EndpointParams = z.strictObject({
  /** The playbook's name of the host the file lies on. */
  host: Identifier.default('entry'),
  address: z.string().min(1),
  port: z.int().min(1).max(65_535),
  adminUser: z.string().min(1),
  adminSecret: SecretName,
  databasesFile: AbsolutePath,
  entryName: z.string().min(1).max(63),
})
export type EndpointParams = z.infer<typeof EndpointParams>

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
