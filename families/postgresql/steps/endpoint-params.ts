import { z } from 'zod'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { WeakLogin } from '../../../domain/host.ts'
import { Identifier, SecretName } from '../../../domain/identifier.ts'

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
  weakLogin: WeakLogin.exactOptional(),
})
export type EndpointParams = z.infer<typeof EndpointParams>
