import type { LocalText } from '../../domain/identifier.ts'
import { type Attested, attestedOutcome, figuresOf } from '../../domain/move/attested.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Task } from '../../domain/move/task.ts'
import type { WayBackVerdict } from '../../domain/move/way-back.ts'
import type { PlaybookPurpose } from '../../domain/plan/plan-head.ts'
import type { Attestation } from '../../domain/playbook/attestation.ts'
import type { TrackedStep } from '../../domain/plan/tracked.ts'
import type { PlaybookOutcome, StepOutcome } from '../../domain/playbook/outcome.ts'
import { taskTitles } from '../../domain/words/tasks.ts'
import { said, say } from '../../domain/words/said.ts'
import type { SwitchResult } from '../../domain/move/event.ts'
import { switchResultOf } from './switch-result.ts'

/** What of a move's course asks people. */
export interface AsksPeople {
  readonly m: Migration
  task(task: Omit<Task, 'state' | 'evidence' | 'rejections'>): Promise<void>
}

type Asked = Pick<TrackedStep, 'role' | 'reviewer' | 'wantsSignature'> & {
  readonly id: string
  readonly title: LocalText
  readonly attests?: Attested
  readonly details?: unknown
}

/** Has people do in a tracked move what the engine would do, and attest it with evidence; waits until another role has accepted it. */
export async function attest(course: AsksPeople, asked: Asked): Promise<Task> {
  const { plan, round } = course.m
  const { role, reviewer, title, wantsSignature, attests, details = {} } = asked
  const id = `${String(round)}-${asked.id}`
  await course.task({
    id,
    kind: 'attest-step',
    title,
    assignee: { role, organisation: plan.organisations[role] },
    reviewer: { role: reviewer, organisation: plan.organisations[reviewer] },
    wantsEvidence: true,
    wantsSignature,
    wantsFigures: figuresOf(attests),
    details,
  })
  const task = course.m.tasks.find((one) => one.id === id)
  if (task === undefined) throw new TypeError(`The move has no task "${id}" after it was closed.`)
  return task
}

/** What a tracked move asks for where a plan has no playbook. */
export type TrackedTask =
  'assess' | 'trial-run' | 'public-write' | 'old-side-kept' | 'which-side-serves' | 'staging-cleared'

const askedOf: Readonly<
  Record<TrackedTask, Pick<Asked, 'role' | 'reviewer' | 'wantsSignature' | 'attests'>>
> = {
  assess: { role: 'vendor', reviewer: 'operations', wantsSignature: true },
  'trial-run': { role: 'operations', reviewer: 'owner', wantsSignature: true, attests: 'trial-run' },
  'public-write': { role: 'operations', reviewer: 'owner', wantsSignature: true },
  'old-side-kept': { role: 'vendor', reviewer: 'operations', wantsSignature: true },
  'which-side-serves': { role: 'operations', reviewer: 'owner', wantsSignature: true, attests: 'sides' },
  'staging-cleared': { role: 'vendor', reviewer: 'provider', wantsSignature: true },
}

/** `again`: names one of several of its kind in a round. */
export async function attestTracked(course: AsksPeople, task: TrackedTask, again = ''): Promise<Task> {
  const { tool, old, new: newSide } = course.m.plan.tracked ?? { tool: '', old: '', new: '' }
  return attest(course, {
    ...askedOf[task],
    id: `tracked-${task}${again}`,
    title: taskTitles[`tracked-${task}`],
    details: { tool, old, new: newSide },
  })
}

interface TrackedOccasion {
  readonly purpose: PlaybookPurpose
  readonly occasion: string
}

interface NotedSwitch {
  isNoted(): boolean
  note(result: SwitchResult): void
}

/** A playbook of a tracked move: its tasks one after another. What they attest is its outcome. */
export async function attestedPlaybook(
  course: AsksPeople,
  { purpose, occasion }: TrackedOccasion,
  attempt: number,
  switching?: NotedSwitch,
): Promise<PlaybookOutcome> {
  const done: StepOutcome[] = []
  for (const one of course.m.plan.tracked?.steps[purpose] ?? []) {
    const { step, attests, ...asked } = one
    if (attests === 'switch' && switching?.isNoted() === true) continue
    // What was attested and refused is attested anew; what was only done stays done.
    const again = attests !== undefined && attempt > 1 ? `-${String(attempt)}` : ''
    const task = await attest(course, {
      ...asked,
      ...(attests && { attests }),
      id: `${occasion}-${step}${again}`,
    })
    if (attests === undefined) continue
    const outcome = attestedOutcome(step, attests, task)
    const failure = failureOf(purpose, attests, outcome)
    if (failure !== undefined) return { done, failure }
    done.push(outcome)
    if (attests === 'switch') switching?.note(switchResultOf(outcome.result))
  }
  return { done }
}

/** Why what was attested is not what the step was for. */
function failureOf(
  purpose: PlaybookPurpose,
  attests: Attestation,
  { step, result }: StepOutcome,
): PlaybookOutcome['failure'] {
  const what =
    attests === 'switch' && result['serves'] !== (purpose === 'rollback' ? 'old' : 'new')
      ? said('attested-not-switched', { serves: String(result['serves']) })
      : attests === 'verify' && (result['compared'] === 0 || result['different'] !== 0)
        ? said('attested-differences', {
            compared: Number(result['compared']),
            different: Number(result['different']),
          })
        : undefined
  return what && { step, code: what.code, message: say('en', what), values: what.values }
}

/** The way back of a tracked move: nobody but people looks at it. */
export function attestedWayBack({ plan }: Pick<Migration, 'plan'>): WayBackVerdict {
  return {
    state: 'attested',
    reasons: [said('way-back-attested', { loses: plan.tracked?.rollbackLoses ?? '' })],
  }
}
