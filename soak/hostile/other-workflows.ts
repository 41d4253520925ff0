import { ApplicationFailure, TemporalFailure } from '@temporalio/common'
import { WorkflowFailedError } from '@temporalio/client'
import type { Migration } from '../../domain/move/migration.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { actors } from '../../test/support/actors.ts'
import { orchestratorQueue, type MigrationInput } from '../../workflows/migration/messages.ts'
import type { Attack } from './attack.ts'
import type { Dice } from '../dice.ts'
import type { HostileRoom } from './room.ts'

/** What says that a workflow has no business here. */
const refusals = ['other-workflow', 'not-on-record', 'command-not-given']

/** Whoever reaches Temporal carries a recorded run, a look or a move by a workflow of his own, beside the one it belongs to. */
export const otherWorkflows: Attack = async (room, dice) => {
  const { client, hosts, api, subject } = room
  const { name, id, input } = dice.one(await beside(room))
  const workflowId = spelt(dice, id)
  const sequence = async () => new MigrationStore(api.pool).sequenceOf(subject.migration)
  const before = [await sequence(), hosts.of(subject.system).ran.length]
  const run = { workflowId, taskQueue: orchestratorQueue, args: [input] }
  const code = await client.workflow.execute(name, run).then(
    () => undefined,
    (error: unknown) => codeOf(error),
  )
  const after = [await sequence(), hosts.of(subject.system).ran.length]
  const isTaken = code === undefined || !refusals.includes(code) || String(after) !== String(before)
  const what = `"${name}" as "${workflowId}" (${code ?? 'no failure'})`
  return { attacks: 1, succeeded: isTaken ? [`${what} was carried out`] : [] }
}

interface Beside {
  readonly name: string
  /** That of the workflow it belongs to. */
  readonly id: string
  readonly input: unknown
}

async function beside({ api, subject }: HostileRoom): Promise<readonly Beside[]> {
  const alone = await new PlaybookRunStore(api.pool).find(subject.run)
  const m = await new MigrationStore(api.pool).find(subject.migration)
  const playbook = { finishedTasks: [], stopAtSwitch: false }
  const runId = `playbook-run/${subject.run}`
  return [
    { name: 'playbook', id: runId, input: { ...playbook, request: alone?.request } },
    { name: 'playbookRun', id: runId, input: { request: alone?.request, personSteps: [] } },
    ...(m === undefined ? [] : besideMove(m)),
  ]
}

function besideMove(m: Migration): readonly Beside[] {
  const { plan, migration, hostKeys } = m
  const request = {
    ...{ runId: `${migration}/1/deploy`, migration, system: plan.system, plan, hostKeys },
    ...{ playbook: plan.playbooks.deploy, hosts: {}, databases: {}, inputs: {}, skip: [], confirmed: [] },
  }
  const playbook = { request, finishedTasks: [], stopAtSwitch: false }
  return [
    { name: 'playbook', id: `playbook/${request.runId}/1.0`, input: playbook },
    // Whoever begins a look under an id of looks has a look.
    { name: 'sides', id: 'look/permit-desk', input: { plan } },
    { name: 'migration', id: 'migration/permit-desk', input: inAnotherState(m) },
  ]
}

/** A state of the move in which the old side is to be wiped. */
function inAnotherState(m: Migration): MigrationInput {
  const retention = {
    startedAtMs: 1,
    untilMs: 2,
    wayBack: { state: 'armed', reasons: [], atMs: 1 } as const,
    release: { statement: 'wipe it', by: actors.owner, atMs: 1 },
  }
  const migration: Migration = { ...m, phase: 'closing', retention }
  return {
    ...{ migration: m.migration, plan: m.plan, planDigest: m.planDigest, launchedBy: m.launchedBy },
    resumed: { schemaVersion: 2, migration, unrecorded: [], answered: [] },
  }
}

const spelt = (dice: Dice, id: string): string => {
  const made = String(dice.between(0, 1e9))
  return dice.one([
    `${id}-${made}`,
    `made-up-${made}`,
    `x/${id}/${made}`,
    `${id.toUpperCase()}-${made}`,
    `${id} ${made}`,
  ])
}

/** The innermost failure that has a code. */
function codeOf(error: unknown): string {
  let code = String(error)
  for (
    let at: unknown = error;
    at instanceof WorkflowFailedError || at instanceof TemporalFailure;
    at = at.cause
  )
    if (at instanceof ApplicationFailure && at.type) code = at.type
  return code
}
