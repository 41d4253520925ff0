import type { RouteName } from '../../api/contract.ts'
import type { Role } from '../../domain/organisation.ts'

/**
 * What a route answers about somebody's system: `own` to each role of the organisations that take part in its move, and to no role
 * that is not listed; `other` to the same roles of other organisations.
 */
export interface Expected {
  readonly own: 'public' | Readonly<Partial<Record<Role, number>>>
  /**
   * `hidden`: as if there were no such thing, byte by byte. `nothing`: an answer that holds nothing of it. `shared`: the same for all
   * who may ask. A number: refused with this status, also where there is no such thing.
   */
  readonly other: 'hidden' | 'nothing' | 'shared' | number
}

const all = (status: number) => ({
  coordinator: status,
  owner: status,
  provider: status,
  vendor: status,
  operations: status,
  auditor: status,
})
const hidden = (own: Expected['own']): Expected => ({ own, other: 'hidden' })
const nothing = (own: Expected['own']): Expected => ({ own, other: 'nothing' })
const shared = (own: Expected['own']): Expected => ({ own, other: 'shared' })

/** A move whose owner is asked to accept its findings. What its rules do not take yet is 409. */
export const expectations: Readonly<Record<RouteName, Expected>> = {
  health: shared('public'),
  description: shared('public'),
  me: shared(all(200)),
  importSystems: { own: { coordinator: 200 }, other: 400 },
  listSystems: nothing(all(200)),
  showSystem: hidden(all(200)),
  createPlan: hidden({ coordinator: 201 }),
  listPlans: nothing(all(200)),
  showPlan: hidden(all(200)),
  launchMigration: hidden({ coordinator: 409 }),
  listMigrations: nothing(all(200)),
  showMigration: hidden(all(200)),
  pause: hidden({ coordinator: 202, operations: 409 }),
  resume: hidden({ coordinator: 202, operations: 409 }),
  hold: hidden({ coordinator: 202 }),
  abort: hidden({ coordinator: 202, operations: 409 }),
  retryStep: hidden({ coordinator: 409, operations: 409, vendor: 409 }),
  skipStep: hidden({ coordinator: 409, operations: 409 }),
  recoverMove: hidden({ operations: 409 }),
  acknowledgeEnd: hidden({ coordinator: 409, operations: 409 }),
  listTasks: nothing(all(200)),
  showTask: hidden(all(200)),
  takeTask: hidden({ coordinator: 403, owner: 202, provider: 403, vendor: 403, operations: 403 }),
  completeTask: hidden({ coordinator: 400, owner: 202, provider: 403, vendor: 403, operations: 403 }),
  signTask: hidden({ coordinator: 403, owner: 409, provider: 403, vendor: 403, operations: 403 }),
  acceptTask: hidden({ coordinator: 403, owner: 409, provider: 403, operations: 403 }),
  rejectTask: hidden({ coordinator: 403, owner: 409, provider: 403, operations: 403 }),
  storeEvidence: shared({ coordinator: 201, owner: 201, provider: 201, vendor: 201, operations: 201 }),
  // Attached to the move by then.
  showEvidence: hidden(all(200)),
  showReport: hidden(all(404)),
  showFact: hidden(all(200)),
  amendReport: hidden({ coordinator: 409 }),
  showSignoff: hidden(all(200)),
  signReport: hidden({ coordinator: 409, owner: 409, provider: 409, vendor: 409 }),
  scheduleCutover: hidden({ coordinator: 409, operations: 409 }),
  decideCutover: hidden({ operations: 409 }),
  settleCutover: hidden({ operations: 409 }),
  showSides: hidden({ coordinator: 200, operations: 200 }),
  rollBack: hidden({ operations: 409 }),
  showRetention: hidden(all(200)),
  rearmWayBack: hidden({ operations: 409 }),
  changeSchema: hidden({ operations: 409 }),
  releaseRetention: hidden({ owner: 409 }),
  listEvents: hidden(all(200)),
  streamEvents: hidden(all(200)),
  listAudit: shared({ coordinator: 200, auditor: 200 }),
  verifyAudit: shared({ auditor: 200 }),
  exportAudit: shared({ auditor: 200 }),
  listPlaybooks: shared(all(200)),
  planSchema: shared(all(200)),
  playbookSchema: shared(all(200)),
  lintPlaybook: shared({ coordinator: 200, operations: 200, provider: 200, vendor: 200 }),
  planPlaybook: hidden({ coordinator: 422, operations: 422, provider: 422, vendor: 422 }),
  runPlaybook: hidden({ coordinator: 422, operations: 422 }),
  listPlaybookRuns: nothing({ coordinator: 200, operations: 200, auditor: 200 }),
  showPlaybookRun: hidden({ coordinator: 200, operations: 200, auditor: 200 }),
  decideSecretAddress: hidden({ owner: 201, provider: 201 }),
  listSecretAddresses: nothing(all(200)),
}
