import { type InputProblem, problemAt } from '../errors.ts'
import type { Playbook } from '../playbook/playbook.ts'
import type { PersonStep } from '../playbook/outcome.ts'
import { said } from '../words/said.ts'
import type { PlaybookPurpose } from './plan-head.ts'
import type { MigrationPlan } from './plan.ts'
import type { Attestation } from '../playbook/attestation.ts'
import type { TrackedStep } from './tracked.ts'

/** What the tasks of a tracked move have to attest, by what their playbook is wanted for. Each exactly once. */
const wanted: Readonly<Partial<Record<PlaybookPurpose, readonly Attestation[]>>> = {
  copy: ['verify'],
  rehearse: ['load-test', 'rehearse'],
  cutover: ['switch'],
  rollback: ['switch'],
  close: ['wipe'],
}

const parts = ['hosts', 'datasets', 'applications', 'endpoints'] as const

/**
 * A plan is tracked as a whole, or not at all: what the engine would carry beside it would have another commit point and another way
 * back, and one report and one rollback speak of both.
 */
export function trackedPartProblems(
  plan: Pick<MigrationPlan, (typeof parts)[number]>,
): readonly InputProblem[] {
  return parts.flatMap((part) => {
    const named = Object.keys(plan[part])
    return named.length === 0 ? [] : [problemAt(part, said('tracked-with-part', { named }))]
  })
}

/** The task of a step, where the step is one a person does. */
export type PersonOf = (step: Playbook['steps'][number]) => Omit<PersonStep, 'step'> | undefined

/** The tasks of a playbook of a tracked move, or what is wrong with it as one. */
export function trackedSteps(
  purpose: PlaybookPurpose,
  playbook: Playbook,
  personOf: PersonOf,
): { readonly steps: readonly TrackedStep[]; readonly problems: readonly InputProblem[] } {
  const path = `playbooks.${purpose}`
  const name = playbook.playbook
  const problems: InputProblem[] = []
  const steps = playbook.steps.flatMap((step): TrackedStep[] => {
    const person = personOf(step)
    if (person === undefined || step.when !== undefined || step.forEach !== undefined) {
      problems.push(problemAt(path, said('tracked-step-no-task', { playbook: name, step: step.id })))
      return []
    }
    const { role, reviewer, wantsEvidence, wantsSignature, attests, title } = person
    if (!wantsEvidence || reviewer === undefined || role === 'auditor' || reviewer === role) {
      problems.push(problemAt(path, said('tracked-step-unproven', { playbook: name, step: step.id })))
      return []
    }
    return [{ step: step.id, title, role, reviewer, wantsSignature, ...(attests && { attests }) }]
  })
  const attested = steps.flatMap(({ attests }) => (attests === undefined ? [] : [attests]))
  const expected = wanted[purpose] ?? []
  if (problems.length === 0 && attested.toSorted().join() !== expected.toSorted().join())
    problems.push(
      problemAt(
        path,
        said('tracked-attests-other', { playbook: name, found: attested, expected: [...expected] }),
      ),
    )
  return { steps, problems }
}

/** What the engine does itself nobody attests. */
export function attestingProblems(
  purpose: PlaybookPurpose,
  playbook: Playbook,
  personOf: PersonOf,
): readonly InputProblem[] {
  return playbook.steps
    .filter((step) => personOf(step)?.attests !== undefined)
    .map(({ id }) =>
      problemAt(
        `playbooks.${purpose}`,
        said('attests-in-engine-plan', { playbook: playbook.playbook, step: id }),
      ),
    )
}
