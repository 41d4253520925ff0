import { auditSentences, auditTables, auditWitnesses, jsonFaults } from './audit.ts'
import { coldFailures } from './cold-failures.ts'
import { databaseFailures } from './database-failures.ts'
import { dispositionReasons } from './dispositions.ts'
import { events } from './events.ts'
import { failures } from './failures.ts'
import { hostFailures } from './host-failures.ts'
import { fileFindings } from './file-findings.ts'
import { hostFindings } from './host-findings.ts'
import { httpFindings } from './http-findings.ts'
import { ledgerContradictions } from './ledger.ts'
import { ledgerProblems } from './ledger-problems.ts'
import { causes } from './causes.ts'
import * as words from './names.ts'
import { methodFindings, methodNames, methods } from './methods.ts'
import { gateFindings, gateNames } from './gates.ts'
import { disposals } from './disposal.ts'
import { notCompared } from './not-compared.ts'
import { moveFailures } from './moves.ts'
import { mysqlFailures } from './mysql-failures.ts'
import { planProblems } from './plan-problems.ts'
import { playbookFailures } from './playbook-failures.ts'
import { playbookProblems } from './playbook-problems.ts'
import { problems } from './problems.ts'
import { refusals } from './refusals.ts'
import { scheduledJobWords } from './scheduled-jobs.ts'
import { schemaChanges } from './schema-change.ts'
import { schemaProblems } from './schema-problems.ts'
import { settlements } from './settlement.ts'
import { steps } from './steps.ts'
import { tracked } from './tracked.ts'
import { unlikeHosts } from './unlike-hosts.ts'
import { valueFormats } from './value-formats.ts'
import { waitingSentences, waits } from './waiting.ts'
import { forwardReasons, wayBackReasons } from './way-back.ts'

/** Words that stand for one thing each, by the kind a place names: `{phase:phase}`. */
export const names = {
  phase: words.phases,
  standing: words.standings,
  role: words.roles,
  duty: words.duties,
  taskState: words.taskStates,
  taskAction: words.taskActions,
  wayBack: words.wayBackStates,
  channel: words.channels,
  figure: words.figures,
  workflowEnd: words.workflowEnds,
  side: words.sides,
  ledgerCell: words.ledgerCells,
  switch: words.switches,
  switchPart: words.switchParts,
  disposition: words.dispositions,
  decision: words.decisions,
  systemState: words.systemStates,
  severity: words.severities,
  profile: words.profiles,
  event: events,
  step: steps,
  gate: gateNames,
  method: methodNames,
  sideFound: words.sidesFound,
  givenUpFound: words.givenUpFound,
  input: words.inputs,
  valueType: words.valueTypes,
  secret: words.secretKinds,
  stored: words.storedThings,
  unquotable: words.unquotableParts,
  wait: waits,
  auditTable: auditTables,
  auditWitness: auditWitnesses,
  jsonFault: jsonFaults,
  ownPlace: words.ownPlaces,
}

/** Everything that is said with values, by its code. A code stands in one section. */
export const sentences = {
  ...auditSentences,
  ...causes,
  ...failures,
  ...hostFailures,
  ...unlikeHosts,
  ...playbookFailures,
  ...databaseFailures,
  ...mysqlFailures,
  ...coldFailures,
  ...dispositionReasons,
  ...gateFindings,
  ...fileFindings,
  ...hostFindings,
  ...httpFindings,
  ...moveFailures,
  ...tracked,
  ...methods,
  ...methodFindings,
  ...notCompared,
  ...disposals,
  ...problems,
  ...ledgerContradictions,
  ...ledgerProblems,
  ...planProblems,
  ...playbookProblems,
  ...refusals,
  ...scheduledJobWords,
  ...schemaChanges,
  ...schemaProblems,
  ...waitingSentences,
  ...settlements,
  ...forwardReasons,
  ...valueFormats,
  ...wayBackReasons,
}
