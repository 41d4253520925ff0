import { describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { createPlaybookActivities } from '../../activities/playbook.ts'
import { createPlaybookRunActivities } from '../../activities/playbook-runs.ts'
import { createReportActivities } from '../../activities/report.ts'
import type { Rehearsal } from '../../domain/move/event.ts'
import type { PlaybookOutcome, StepOutcome } from '../../domain/playbook/outcome.ts'
import type { Runner } from '../../runner/runner.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { CommandStore } from '../../storage/commands.ts'
import { FactStore } from '../../storage/facts.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { PlaybookRunStore } from '../../storage/playbook-runs.ts'
import { ReportStore } from '../../storage/reports.ts'
import { StepJournalStore } from '../../storage/step-journal.ts'
import { playbookRunWorkflowId } from '../../workflows/playbook-run/messages.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { samplePlan } from '../support/plan.ts'

const database = useDatabase()
const plan = samplePlan()
const request = {
  runId: 'desk-1/1/copy',
  migration: 'desk-1',
  system: 'desk',
  playbook: plan.playbooks.copy,
  plan,
  hosts: {},
  databases: {},
  hostKeys: {},
  inputs: {},
  skip: [],
  confirmed: [],
}

/** As many steps as a playbook may have, each with all the output a result may hold. */
const outputs: readonly StepOutcome[] = Array.from({ length: 499 }, (_, n) => ({
  step: `step-${String(n)}`,
  kind: 'command',
  result: { changed: true, output: `${String(n)} ${'行'.repeat(4_000)}` },
}))
const verified: StepOutcome = {
  step: 'verify',
  kind: 'postgres-verify',
  result: {
    equal: false,
    rows: 10,
    differences: Array.from({ length: 50 }, (_, n) => `table ${String(n)} differs in its rows`),
  },
}
const done = [...outputs, verified]

/** What the playbook's activity gives the workflow when its steps end so. */
async function travelled(outcome: PlaybookOutcome): Promise<PlaybookOutcome> {
  const runner = { runSteps: async () => outcome } as unknown as Runner
  const activities = createPlaybookActivities({
    runner,
    journal: new StepJournalStore(database.pool),
    facts: new FactStore(database.pool),
  })
  return new MockActivityEnvironment().run(async () => activities.runSteps({ request, steps: [] }))
}

describe('the results of a playbook', () => {
  it('travel small, however much its steps have to say', async () => {
    expect(JSON.stringify(done).length).toBeGreaterThan(1_000_000)
    const outcome = await travelled({ done })
    expect(Buffer.byteLength(JSON.stringify(outcome))).toBeLessThan(512 * 1024)
    expect(outcome.done.map(({ step }) => step)).toEqual(done.map(({ step }) => step))
  })

  it('are judged and kept whole', async () => {
    const outcome = await travelled({ done })
    const { pool } = database
    const facts = new FactStore(pool)
    const commands = new CommandStore(pool)
    const reports = createReportActivities({
      migrations: new MigrationStore(pool),
      reports: new ReportStore(pool),
      accounts: new AccountStore(pool),
      commands,
      facts,
    })
    const ofMove = { workflowExecution: { workflowId: 'migration/desk', runId: 'a-run' } }
    const judged: Rehearsal = await new MockActivityEnvironment(ofMove).run(async () =>
      reports.judgeRehearsal({ migration: 'desk-1', plan, done: outcome.done }),
    )
    const verdict = judged.gates.find(({ name }) => name === 'data-verified')
    expect(JSON.stringify(verdict?.found)).toMatch(/table 4 differs/)
    expect(JSON.parse(await facts.text(judged.evidenceDigest))).toEqual(done)

    const runs = new PlaybookRunStore(pool)
    await runs.begin({ request, by: actors.operations, steps: [] }, 1)
    const { runId } = request
    const workflowExecution = { workflowId: playbookRunWorkflowId(runId), runId: 'a-run' }
    const ending = createPlaybookRunActivities({ runs, facts, commands })
    await new MockActivityEnvironment({ workflowExecution }).run(async () =>
      ending.endPlaybookRun({ runId, outcome }),
    )
    expect((await runs.get(request.runId)).ended?.outcome.done).toEqual(done)
  })

  it('of a switch reach the workflow as they are, since it reads them', async () => {
    const result = {
      gapMs: 42,
      generation: 1,
      anatomyMs: Object.fromEntries(outputs.map(({ step }) => [step, 1])),
    }
    const switched = { step: 'switch', kind: 'postgres-switchover', result }
    expect(await travelled({ done: [switched] })).toEqual({ done: [switched] })
  })

  it('that failed say so in a sentence that was cut where it had no end, and that says it was', async () => {
    const message = `"ready" does not hold, found ${'x'.repeat(3_000_000)}`
    const { failure } = await travelled({
      done: [],
      failure: { step: 'assert', code: 'assertion-failed', message },
    })
    expect(failure?.message).toMatch(/^"ready" does not hold, found x+… \(/)
    expect(failure?.message).toContain(`… (${String(message.length)} characters in all)`)
    expect(failure?.message.length).toBeLessThan(2_100)
  })
})
