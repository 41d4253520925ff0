import type { CutIdleConnections } from '../domain/assessment/idle-connection-findings.ts'
import { endpointsOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { HostPort } from '../runner/steps/kind.ts'
import { cutAtReload } from '../runner/steps/endpoint-http/cut-at-reload.ts'

/**
 * The entries of a plan whose proxies close idle connections at a reload. A host that cannot be logged in to yet tells nothing: its system is
 * assessed again once its keys are pinned, and looked at before each switch.
 */
export async function cutIdleConnections(
  plan: Pick<MigrationPlan, 'endpoints'>,
  hostOf: (name: string) => HostPort,
): Promise<readonly CutIdleConnections[]> {
  const looked = await Promise.all(
    endpointsOf(plan, 'http').map(async ({ url, host: name, proxy, configFile, backend }) => {
      try {
        const host = hostOf(name)
        const because = await cutAtReload(host, { proxy, configFile, backend })
        return because === undefined ? [] : [{ url, host: host.name, because }]
      } catch {
        return []
      }
    }),
  )
  return looked.flat()
}
