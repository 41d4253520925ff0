import type { Actor } from '../../domain/organisation.ts'

/** One person of each role, each of an organisation of its own, as samplePlan names them. */
export const actors = {
  coordinator: { account: 'coordinator-chen', role: 'coordinator', organisation: 'coordination-office' },
  owner: { account: 'owner-li', role: 'owner', organisation: 'permit-bureau' },
  provider: { account: 'provider-wang', role: 'provider', organisation: 'city-cloud' },
  vendor: { account: 'vendor-zhao', role: 'vendor', organisation: 'permit-soft' },
  operations: { account: 'operations-sun', role: 'operations', organisation: 'operations-centre' },
  auditor: { account: 'auditor-qian', role: 'auditor', organisation: 'audit-office' },
} as const satisfies Record<string, Actor>
