import { z } from 'zod'
import { FilePath } from '../../../domain/absolute-path.ts'
import { Address, RoleName, WeakLogin } from '../../../domain/host.ts'
import { Identifier, SecretName } from '../../../domain/identifier.ts'

/** An entry of pgbouncer in a plan (`${endpoints.database}`), as step kinds take it. */
export const PooledParams = z.strictObject({
  /** The playbook's name of the host the file lies on. */
  host: Identifier.default('entry'),
  address: Address,
  port: z.int().min(1).max(65_535),
  adminUser: RoleName,
  adminSecret: SecretName,
  databasesFile: FilePath,
  entryName: z.string().min(1).max(63),
  weakLogin: WeakLogin.exactOptional(),
})
export type PooledParams = z.infer<typeof PooledParams>

/** The entry of a plan, as step kinds take it. */
export const EndpointParams = PooledParams
export type EndpointParams = z.infer<typeof EndpointParams>
