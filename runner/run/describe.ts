import { zoneOf } from '../../domain/plan/places.ts'
import type { StepGroup } from '../../domain/plan/run-request.ts'
import type { Step } from '../../domain/playbook/playbook.ts'
import { hostOf } from '../language/step-params.ts'
import { assertKind } from '../steps/find-kind.ts'
import { variablesOf } from './each-step.ts'
import type { PlaybookRun } from './playbook-run.ts'
import { bindStep } from './step-run.ts'

/**
 * Cuts a playbook into pieces that run as a whole: consecutive steps on one host, or without a host. Each step of a person is
 * a piece of its own. A switch of sides ends its piece, so that it is reported at once. A step without a host runs in the zone of the
 * last step with one; before any such step, in the zone of the target.
 */
export async function describeRun(run: PlaybookRun): Promise<readonly StepGroup[]> {
  const variables = await run.variables()
  const groups: { host: string | undefined; ended: boolean; group: StepGroup & { steps: string[] } }[] = []
  let zone = zoneOf(run.request.plan, 'target')
  for (const step of run.playbook.steps) {
    const host = hostOf(step)
    if (host !== undefined) zone = run.bindings.assertHost(host).zone
    const last = groups.at(-1)
    const person = isForPerson(step) ? bindStep(run, step, variablesOf(step, variables)).person() : undefined
    const ended = person !== undefined || assertKind(step.kind).does === 'switch'
    if (person !== undefined) {
      groups.push({ host, ended, group: { zone, steps: [step.id], person: { step: step.id, ...person } } })
    } else if (last !== undefined && !last.ended && last.host === host) {
      last.group.steps.push(step.id)
      last.ended = ended
    } else {
      groups.push({ host, ended, group: { ...(host === undefined ? {} : { host }), zone, steps: [step.id] } })
    }
  }
  return groups.map(({ group }) => group)
}

function isForPerson(step: Step): boolean {
  return assertKind(step.kind).person !== undefined
}
