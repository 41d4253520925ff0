import { eventsOf } from '../domain/move/command-events.ts'
import type { ProcessName } from '../domain/process-name.ts'

/**
 * What each process may do with each table. The owner of the tables applies it at every start (`apply-rights.ts`); whatever is not
 * listed is revoked. No process owns a table, so none can alter one, disable its triggers or empty it.
 */
export const rights: Readonly<Record<string, Readonly<Partial<Record<ProcessName, readonly string[]>>>>> = {
  // Written by the owner at the start.
  schema_version: { api: ['select'], orchestrator: ['select'], runner: ['select'] },
  account: {
    api: ['select'],
    orchestrator: [
      'select (account, role, organisation, name, key_id, public_key_pem, programme, departments)',
    ],
    runner: ['select (account, role, organisation, name, key_id, public_key_pem, programme, departments)'],
  },
  folded_by: {},
  plan_before_bindings: { api: ['select'], runner: ['select'] },

  // The record: rows are added and never changed.
  audit_entry: {
    api: ['select', 'insert'],
    orchestrator: ['select', 'insert'],
    runner: ['select', 'insert'],
  },
  // Written by a trigger of audit_entry.
  audit_head: { api: ['select'] },
  event: { api: ['select', 'insert'], orchestrator: ['select', 'insert'], runner: ['select'] },
  report: { api: ['select'], orchestrator: ['select', 'insert'] },
  fact: { api: ['select', 'insert'], orchestrator: ['select', 'insert'], runner: ['select', 'insert'] },
  plan: { api: ['select', 'insert'], orchestrator: ['select'], runner: ['select'] },
  plan_ledger: { api: ['select', 'insert'] },
  evidence: { api: ['select', 'insert'] },
  evidence_upload: { api: ['select', 'insert'] },
  evidence_use: { api: ['select'], orchestrator: ['select', 'insert'] },
  playbook_file: { api: ['select', 'insert'], runner: ['select'] },
  secret_address: { api: ['select', 'insert'], runner: ['select'] },

  // What people ask for. Asked again, a command has a new time.
  command: {
    api: ['select', 'insert', 'update (given_at_ms)'],
    orchestrator: ['select'],
    runner: ['select', 'insert', 'update (given_at_ms)'],
  },
  launch: { api: ['select', 'insert', 'update (at_ms)', 'delete'], orchestrator: ['select'] },

  // What follows from the record, and what is under way.
  system: { api: ['select', 'insert', 'update (content)'] },
  migration: {
    api: ['select', 'insert', 'update (system, number, organisations, sequence, phase, standing, content)'],
    orchestrator: [
      'select',
      'insert',
      'update (system, number, organisations, sequence, phase, standing, content)',
    ],
    runner: ['select'],
  },
  workflow_end: { api: ['select', 'insert', 'update (content)', 'delete'] },
  playbook_run: {
    api: ['select', 'insert'],
    orchestrator: ['select', 'update (ended_at_ms, outcome)'],
    runner: ['select'],
  },
  step_journal: {
    api: ['select'],
    runner: ['select', 'insert', 'update (status, attempt, facts_before, result, error)'],
  },
  step_mark: { api: ['select'], runner: ['select', 'insert', 'update (detail)', 'delete'] },
  way_back_measurement: { api: ['select', 'delete'], runner: ['select', 'insert'] },
}

const brings = `'${JSON.stringify(eventsOf)}'::jsonb`

/** An event that names a person was asked for by that person; its columns say what its content says. */
const eventAskedFor = `was_asked_for(content::jsonb, ${brings}, true)
  and content ->> 'migration' = migration and content ->> 'type' = type and content ->> 'sequence' = sequence::text`

/** The same of an entry of the audit log, which has who and what of an event. */
const entryAskedFor = `(kind <> 'event' or was_asked_for((entry #> '{detail,event}')::jsonb, ${brings}, false)
  and is_actor((entry -> 'actor')::jsonb, (entry #> '{detail,event,actor}')::jsonb)
  and entry #>> '{detail,event,migration}' = subject)`

/** Of tables that several processes write: the rows that each of them may write, as a condition in SQL. */
export const rowsWritten: Readonly<Record<string, Readonly<Partial<Record<ProcessName, string>>>>> = {
  // What a person asks for comes through the API alone; the guard tells moves what the product itself has found.
  // The API records, in a person's name, that a move has ended outside and is carried on: it is the door at which that was asked.
  event: { api: `type in ('ended-outside', 'recovered')`, orchestrator: eventAskedFor },
  command: { api: 'true', runner: `actor ->> 'role' = 'engine'` },
  audit_entry: {
    api: `kind not in ('account-set', 'projection-folded-anew', 'playbook-run-ended')`,
    orchestrator: `kind in ('event', 'command-not-given', 'playbook-run-ended') and ${entryAskedFor}`,
    runner: `kind in ('command-given', 'command-not-given')`,
  },
}
