import type { InputProblem } from '../errors.ts'
import type { StepDoes } from '../playbook/does.ts'
import { unknown } from '../ledger/cells.ts'
import type { System } from '../ledger/system.ts'
import type { Playbook } from '../playbook/playbook.ts'
import { applicationProblems } from './application-rules.ts'
import { datasetProblems, entryProblems } from './dataset-rules.ts'
import { hostProblems, hostReferenceProblems } from './host-rules.ts'
import type { KnownFamilies } from './known-family.ts'
import type { PlaybookPurpose } from './plan-head.ts'
import type { MigrationPlan } from './plan.ts'

type PlannedMove = Pick<
  MigrationPlan,
  'hosts' | 'datasets' | 'applications' | 'endpoints' | 'organisations' | 'policy'
>

/** What no plan may ask for this system, whoever makes it: gates that come before any score. All problems together. */
export function planProblems(
  plan: PlannedMove,
  system: System,
  families: KnownFamilies,
): readonly InputProblem[] {
  return [
    ...systemProblems(plan, system),
    ...partyProblems(plan),
    ...hostProblems(plan),
    ...datasetProblems(plan, families),
    ...applicationProblems(plan),
    ...entryProblems(plan, families),
    ...endpointHostProblems(plan),
  ]
}

/**
 * What is wrong with a playbook for what a move wants it for; `playbook` is undefined where its file is none. `doneBy` tells
 * what the steps of a kind do.
 */
export function purposeProblems(
  purpose: PlaybookPurpose,
  { name, playbook }: { readonly name: string; readonly playbook: Playbook | undefined },
  doneBy: (kind: string) => StepDoes | undefined,
): readonly InputProblem[] {
  if (purpose !== 'close' || playbook?.steps.some(({ kind }) => doneBy(kind) === 'wipe') === true) return []
  const message =
    playbook === undefined
      ? `is "${name}", whose "playbook.yaml" is no playbook; "playbook lint" says what is wrong with it`
      : `is "${name}", which has no step of kind "wipe": nothing would remove the old data and prove it`
  return [{ path: `playbooks.${purpose}`, message }]
}

/** A plan travels with every step of its move, and with each of them it stands in the histories of Temporal. */
const planBytes = 256 * 1024

/** Whether a plan is small enough to be carried. */
export function planSizeProblems(plan: object): readonly InputProblem[] {
  const found = new TextEncoder().encode(JSON.stringify(plan)).length
  return found <= planBytes
    ? []
    : [
        {
          path: '',
          message: `comes to ${String(Math.ceil(found / 1024))} KiB, where ${String(planBytes / 1024)} KiB are the most; waive a schema's tables by one pattern such as "archive.*" in a plan of version 2, or shorten what was written`,
        },
      ]
}

/** What the ledger does not know keeps a system where it is, as what it forbids does. */
function systemProblems({ organisations, policy }: PlannedMove, system: System): readonly InputProblem[] {
  const { system: id, classified, mlpsLevel, department, vendor } = system
  const problem = (message: string): InputProblem => ({ path: 'system', message: `is "${id}", ${message}` })
  const problems: InputProblem[] = []
  if (classified === unknown) {
    problems.push(
      problem(
        'of which the ledger does not know whether it is classified (涉密): its cell "classified" is blank or "unknown". Ask its department, write true or false there and import it again',
      ),
    )
  } else if (classified) {
    problems.push(
      problem('which the ledger has as classified (涉密): classified systems do not go to the cloud'),
    )
  }
  if (mlpsLevel === unknown) {
    problems.push(
      problem(
        'of which the ledger does not know the 等保 (MLPS) level: its cell "mlpsLevel" is blank or "unknown". Ask its department, write 0 (not graded) to 5 there and import it again',
      ),
    )
  } else if (mlpsLevel > policy.maxMlpsLevel) {
    problems.push(
      problem(
        `of 等保 (MLPS) level ${String(mlpsLevel)}, where the policy lets level ${String(policy.maxMlpsLevel)} and below go to the cloud`,
      ),
    )
  }
  // A vendor nobody has entered in the ledger is the plan's to name: the same coordinators write both.
  if (vendor !== undefined && vendor !== organisations.vendor) {
    problems.push({
      path: 'organisations.vendor',
      message: `is "${organisations.vendor}", but the ledger has "${vendor}" as the vendor of "${id}". Name that vendor, or correct the ledger`,
    })
  }
  if (department !== organisations.owner) {
    problems.push({
      path: 'organisations.owner',
      message: `is "${organisations.owner}", but the ledger has "${department}" as the department that owns "${id}". Name that department, or correct the ledger`,
    })
  }
  return problems
}

function endpointHostProblems(plan: PlannedMove): readonly InputProblem[] {
  return Object.entries(plan.endpoints).flatMap(([name, { host }]) =>
    hostReferenceProblems(plan, { path: `endpoints.${name}.host`, name: host, role: 'entry' }),
  )
}

/** One organisation signs once: parties that share one could never all recognise a report. */
function partyProblems({ organisations, policy }: PlannedMove): readonly InputProblem[] {
  return policy.parties.flatMap((party, index) => {
    const other = policy.parties.slice(0, index).find((one) => organisations[one] === organisations[party])
    return other === undefined || other === party
      ? []
      : [
          {
            path: `organisations.${party}`,
            message: `is "${organisations[party]}", who is the ${other} too; parties who recognise the report are different organisations`,
          },
        ]
  })
}
