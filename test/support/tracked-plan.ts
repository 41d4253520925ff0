import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationPlan, PlanInputV2 } from '../../domain/plan/plan.ts'
import type { PlaybookPurpose } from '../../domain/plan/plan-head.ts'
import type { TrackedStep } from '../../domain/plan/tracked.ts'
import { trackedSteps } from '../../domain/plan/tracked-rules.ts'
import { parsePlaybook } from '../../runner/language/parse.ts'
import { TaskParams } from '../../runner/steps/task/params.ts'
import { samplePlanInput } from './plan-input.ts'
import { samplePlan } from './plan.ts'

/** What people say of a move that they do themselves. */
export const trackedInput = {
  tool: 'Data Guard',
  reason: '该数据库没有数据族',
  old: 'Oracle 11g, machine room of the bureau, rack 3',
  new: 'Oracle 19c, ora-2 in the city cloud',
  rollbackLoses: '割接以后写入的数据',
  disposition: 'replatform',
} as const

export const trackedPlaybooks = {
  deploy: 'tracked-deploy',
  copy: 'tracked-copy',
  rehearse: 'tracked-rehearsal',
  replicate: 'tracked-replicate',
  cutover: 'tracked-cutover',
  rollback: 'tracked-rollback',
  close: 'tracked-close',
} as const

const nothing = { hosts: {}, datasets: {}, applications: {}, endpoints: {} }

/** A tracked plan as it is handed in. */
export function trackedPlanInput(change: Partial<PlanInputV2> = {}): PlanInputV2 {
  return {
    ...samplePlanInput(),
    ...nothing,
    waivers: [],
    playbooks: trackedPlaybooks,
    tracked: trackedInput,
    ...change,
  }
}

/** The same as it is frozen, with the tasks of the shipped playbooks. */
export function trackedPlan(system: string, policy: Parameters<typeof samplePlan>[0] = {}): MigrationPlan {
  const steps = Object.entries(trackedPlaybooks).map(([purpose, name]): [string, TrackedStep[]] => {
    const text = readFileSync(join(import.meta.dirname, '../../playbooks', name, 'playbook.yaml'), 'utf8')
    const parsed = parsePlaybook(text)
    if (!('playbook' in parsed)) throw new Error(`${name} is no playbook`)
    const read = trackedSteps(purpose as PlaybookPurpose, parsed.playbook, (step) =>
      TaskParams.parse(step.with),
    )
    if (read.problems.length > 0) throw new Error(JSON.stringify(read.problems))
    return [purpose, [...read.steps]]
  })
  return {
    ...samplePlan(policy),
    ...nothing,
    waivers: [],
    system,
    tracked: { ...trackedInput, steps: Object.fromEntries(steps) },
  }
}
