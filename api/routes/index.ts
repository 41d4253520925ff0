import type { RouteName } from '../contract.ts'
import type { Handler } from '../http/handler.ts'
import { abort } from './abort.ts'
import { acceptTask } from './accept-task.ts'
import { acknowledgeEnd } from './acknowledge-end.ts'
import { amendReport } from './amend-report.ts'
import { changeSchema } from './change-schema.ts'
import { checkHealth } from './check-health.ts'
import { completeTask } from './complete-task.ts'
import { createPlan } from './create-plan.ts'
import { decideSecretAddress } from './decide-secret-address.ts'
import { listSecretAddresses } from './list-secret-addresses.ts'
import { decideCutover } from './decide-cutover.ts'
import { describeApi } from './describe-api.ts'
import { exportAudit } from './export-audit.ts'
import { hold } from './hold.ts'
import { importSystems } from './import-systems.ts'
import { launchMigration } from './launch-migration.ts'
import { lintPlaybook } from './lint-playbook.ts'
import { listAudit } from './list-audit.ts'
import { listEvents } from './list-events.ts'
import { listMigrations } from './list-migrations.ts'
import { listPlans } from './list-plans.ts'
import { listPlaybookRuns } from './list-playbook-runs.ts'
import { listPlaybooks } from './list-playbooks.ts'
import { listSystems } from './list-systems.ts'
import { listTasks } from './list-tasks.ts'
import { pause } from './pause.ts'
import { planPlaybook } from './plan-playbook.ts'
import { rearmWayBack } from './rearm-way-back.ts'
import { rejectTask } from './reject-task.ts'
import { releaseRetention } from './release-retention.ts'
import { resume } from './resume.ts'
import { retryStep } from './retry-step.ts'
import { rollBack } from './roll-back.ts'
import { runPlaybook } from './run-playbook.ts'
import { scheduleCutover } from './schedule-cutover.ts'
import { showEvidence } from './show-evidence.ts'
import { showFact } from './show-fact.ts'
import { showMe } from './show-me.ts'
import { showMigration } from './show-migration.ts'
import { showPlan } from './show-plan.ts'
import { showPlanSchema } from './show-plan-schema.ts'
import { showPlaybookRun } from './show-playbook-run.ts'
import { showPlaybookSchema } from './show-playbook-schema.ts'
import { showReport } from './show-report.ts'
import { showRetention } from './show-retention.ts'
import { recoverMove } from './recover-move.ts'
import { settleCutover } from './settle-cutover.ts'
import { showSides } from './show-sides.ts'
import { showSignoff } from './show-signoff.ts'
import { showSystem } from './show-system.ts'
import { showTask } from './show-task.ts'
import { signReport } from './sign-report.ts'
import { signTask } from './sign-task.ts'
import { skipStep } from './skip-step.ts'
import { storeEvidence } from './store-evidence.ts'
import { streamEvents } from './stream-events.ts'
import { takeTask } from './take-task.ts'
import { verifyAudit } from './verify-audit.ts'

/** What answers each route of the contract. The table is complete: a route without its line does not compile. */
export const handlers: Readonly<Record<RouteName, Handler>> = {
  health: checkHealth,
  description: describeApi,
  me: showMe,
  importSystems,
  listSystems,
  showSystem,
  createPlan,
  decideSecretAddress,
  listSecretAddresses,
  listPlans,
  planSchema: showPlanSchema,
  showPlan,
  launchMigration,
  listMigrations,
  showMigration,
  pause,
  resume,
  hold,
  abort,
  retryStep,
  skipStep,
  acknowledgeEnd,
  recoverMove,
  listTasks,
  showTask,
  takeTask,
  completeTask,
  signTask,
  acceptTask,
  rejectTask,
  storeEvidence,
  showEvidence,
  showReport,
  showFact,
  amendReport,
  showSignoff,
  signReport,
  scheduleCutover,
  decideCutover,
  settleCutover,
  showSides,
  rollBack,
  showRetention,
  rearmWayBack,
  changeSchema,
  releaseRetention,
  listEvents,
  streamEvents,
  listAudit,
  verifyAudit,
  exportAudit,
  listPlaybooks,
  playbookSchema: showPlaybookSchema,
  lintPlaybook,
  planPlaybook,
  runPlaybook,
  listPlaybookRuns,
  showPlaybookRun,
}
