import type { RouteName } from '../../api/contract.ts'
import type { Call } from './open-api.ts'
import { samplePlanInput } from './plan-input.ts'

/** What the requests are about: one system with its plan, its move and what belongs to them. */
export interface Subject {
  readonly system: string
  readonly plan: string
  readonly migration: string
  readonly task: string
  /** SHA-256 of a file of evidence. */
  readonly evidence: string
  /** SHA-256 of facts that an event of the move names. */
  readonly fact: string
  readonly run: string
  readonly playbook: string
}

const reason = 'as the matrix asks'
const signed = (signedText: string) => ({
  keyId: '0'.repeat(16),
  signature: `${'A'.repeat(86)}==`,
  signedText,
})

/** One request for each route that its schemas take, about one system. A route without one is a fault of types. */
export function requestsOf(of: Subject): Readonly<Record<RouteName, Omit<Call, 'as'>>> {
  const params = { system: of.system }
  const task = { params: { migration: of.migration, task: of.task } }
  const because = { params, body: { reason } }
  const row = {
    system: of.system,
    name: '改名',
    department: 'permit-bureau',
    vendor: 'permit-soft',
    mlpsLevel: 2,
    classified: false,
  }
  return {
    health: {},
    description: {},
    me: {},
    importSystems: { body: [row] },
    listSystems: {},
    showSystem: { params },
    createPlan: { body: samplePlanInput({ plan: `${of.plan}-again`, system: of.system }) },
    listPlans: {},
    showPlan: { params: { plan: of.plan } },
    launchMigration: { body: { plan: of.plan } },
    listMigrations: {},
    showMigration: { params },
    pause: because,
    resume: { params, body: { note: reason } },
    hold: because,
    abort: because,
    retryStep: { params, body: { step: 'discover', note: reason } },
    skipStep: { params, body: { step: 'discover', reason } },
    recoverMove: because,
    acknowledgeEnd: { params, body: { reason, serves: 'old' } },
    listTasks: { query: { all: 'true' } },
    showTask: task,
    takeTask: { ...task, body: { reason } },
    completeTask: {
      ...task,
      body: { note: reason, evidence: [{ name: 'findings.txt', digest: of.evidence, sizeBytes: 8 }] },
    },
    signTask: { ...task, body: { ...signed('a task'), digest: '0'.repeat(64) } },
    acceptTask: { ...task, body: {} },
    rejectTask: { ...task, body: { reason } },
    storeEvidence: {
      query: { name: 'findings.txt' },
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from('of mine.'),
    },
    showEvidence: { params: { digest: of.evidence } },
    showReport: { params, query: { digest: '0'.repeat(64) } },
    showFact: { params: { ...params, digest: of.fact } },
    amendReport: { params, body: { remark: reason } },
    showSignoff: { params },
    signReport: { params, body: { ...signed('a report'), digest: '0'.repeat(64) } },
    scheduleCutover: {
      params,
      body: { startsAt: '2030-11-30T22:00:00+08:00', endsAt: '2030-12-01T02:00:00+08:00' },
    },
    decideCutover: { params, body: { decision: 'go', reason } },
    settleCutover: because,
    showSides: { params },
    rollBack: because,
    showRetention: { params },
    rearmWayBack: because,
    changeSchema: { params, body: { sql: 'select 1', dataset: 'permits', role: 'app', reason } },
    releaseRetention: { params, body: { ...signed('a release'), statement: reason } },
    listEvents: { params, query: { after: '0', limit: '10' } },
    streamEvents: { query: { migration: of.migration, after: '0' } },
    listAudit: { query: { after: '0', limit: '10' } },
    verifyAudit: {},
    exportAudit: {},
    listPlaybooks: {},
    planSchema: {},
    playbookSchema: {},
    lintPlaybook: { body: { text: 'playbook: a\n', files: { 'a.txt': '0'.repeat(64) } } },
    planPlaybook: { params: { name: of.playbook }, body: { plan: of.plan, inputs: { name: 'a' } } },
    runPlaybook: { params: { name: of.playbook }, body: { plan: of.plan, inputs: { name: 'a' } } },
    listPlaybookRuns: { query: { limit: '10' } },
    showPlaybookRun: { params: { run: of.run } },
    decideSecretAddress: {
      body: {
        secret: 'permit-desk-admin',
        system: of.system,
        purpose: 'database-admin',
        address: '10.0.0.9:5432',
        approved: true,
        reason,
      },
    },
    listSecretAddresses: {},
  }
}
