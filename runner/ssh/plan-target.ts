import type { JumpHost } from '../../domain/host.ts'
import { type HostKeys, pinnedKey } from '../../domain/plan/host-key.ts'
import { hostLabel, hostOf, jumpsTo, type Named } from '../../domain/plan/places.ts'
import type { MigrationPlan, PlanHost } from '../../domain/plan/plan.ts'
import { addressOf, type SecretUse, toSudo } from '../../domain/secret-use.ts'
import type { SshTarget } from './connection.ts'

interface PlannedHosts {
  readonly plan: Pick<MigrationPlan, 'plan' | 'hosts' | 'jumpHosts'>
  readonly hostKeys: HostKeys
}

/** A host of a plan as SSH needs it, by its name there, with the jump hosts on the way to it. @throws TypeError for a name the plan does not have */
export function targetOf(
  { plan, hostKeys }: PlannedHosts,
  name: string,
  secret: (name: string, use: SecretUse) => Promise<string>,
): SshTarget {
  const host = hostOf(plan, name)
  const login = (to: PlanHost | Named<JumpHost>) => ({
    address: to.address,
    port: to.port,
    user: to.user,
    identity: `${plan.plan} ${to.keySecret}`,
    privateKey: async () =>
      `${await secret(to.keySecret, { purpose: 'ssh-login', address: addressOf(to) })}\n`,
  })
  const via = jumpsTo(plan, host).reduce<SshTarget | undefined>(
    (before, jump) => ({
      ...login(jump),
      name: jump.name,
      hostKey: jump.hostKey,
      ...(before && { via: before }),
    }),
    undefined,
  )
  const { sudoSecret } = host
  return {
    ...login(host),
    name: hostLabel(host),
    hostKey: pinnedKey({ plan, hostKeys }, name),
    serviceDir: host.serviceDir,
    ...(via && { via }),
    ...(sudoSecret !== undefined && {
      sudoPassword: async () => secret(sudoSecret, toSudo(host.address)),
    }),
  }
}
