import { type InputProblem, problemAt } from '../errors.ts'
import { said } from '../words/said.ts'
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
import { trackedPartProblems } from './tracked-rules.ts'

type PlannedMove = Pick<
  MigrationPlan,
  'hosts' | 'jumpHosts' | 'datasets' | 'applications' | 'endpoints' | 'organisations' | 'policy'
> & { readonly tracked?: object | undefined }

/** What no plan may ask for this system, whoever makes it: gates that come before any score. All problems together. */
export function planProblems(
  plan: PlannedMove,
  system: System,
  families: KnownFamilies,
): readonly InputProblem[] {
  const ofPeople = [...systemProblems(plan, system), ...partyProblems(plan)]
  if (plan.tracked !== undefined) return [...ofPeople, ...trackedPartProblems(plan)]
  return [
    ...ofPeople,
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
  const code = playbook === undefined ? 'plan-playbook-none' : 'plan-playbook-without-wipe'
  return [problemAt(`playbooks.${purpose}`, said(code, { playbook: name }))]
}

/** A plan travels with every step of its move, and with each of them it stands in the histories of Temporal. */
const planBytes = 256 * 1024

/** Whether a plan is small enough to be carried. */
export function planSizeProblems(plan: object): readonly InputProblem[] {
  const found = new TextEncoder().encode(JSON.stringify(plan)).length
  const kib = (bytes: number): number => Math.ceil(bytes / 1024)
  return found <= planBytes
    ? []
    : [problemAt('', said('plan-too-large', { found: kib(found), most: kib(planBytes) }))]
}

/** What the ledger does not know keeps a system where it is, as what it forbids does. */
function systemProblems({ organisations, policy }: PlannedMove, system: System): readonly InputProblem[] {
  const { system: id, classified, mlpsLevel, department, vendor } = system
  const problems: InputProblem[] = []
  if (classified === unknown) {
    problems.push(problemAt('system', said('plan-classified-unknown', { system: id })))
  } else if (classified) {
    problems.push(problemAt('system', said('plan-classified', { system: id })))
  }
  if (mlpsLevel === unknown) {
    problems.push(problemAt('system', said('plan-level-unknown', { system: id })))
  } else if (mlpsLevel > policy.maxMlpsLevel) {
    const levels = { level: mlpsLevel, most: policy.maxMlpsLevel }
    problems.push(problemAt('system', said('plan-level-too-high', { system: id, ...levels })))
  }
  // A vendor nobody has entered in the ledger is the plan's to name: the same coordinators write both.
  if (vendor !== undefined && vendor !== organisations.vendor) {
    const named = organisations.vendor
    problems.push(
      problemAt('organisations.vendor', said('plan-vendor-not-of-ledger', { named, vendor, system: id })),
    )
  }
  if (department !== organisations.owner) {
    const { owner } = organisations
    problems.push(
      problemAt('organisations.owner', said('plan-owner-not-of-ledger', { owner, department, system: id })),
    )
  }
  return problems
}

function endpointHostProblems(plan: PlannedMove): readonly InputProblem[] {
  return Object.entries(plan.endpoints).flatMap(([name, endpoint]) =>
    endpoint.kind === 'none'
      ? []
      : hostReferenceProblems(plan, {
          path: `endpoints.${name}.host`,
          name: endpoint.host,
          role: 'entry',
        }),
  )
}

/** One organisation signs once: parties that share one could never all recognise a report. */
function partyProblems({ organisations, policy }: PlannedMove): readonly InputProblem[] {
  return policy.parties.flatMap((party, index) => {
    const other = policy.parties.slice(0, index).find((one) => organisations[one] === organisations[party])
    return other === undefined || other === party
      ? []
      : [
          problemAt(
            `organisations.${party}`,
            said('plan-party-twice', { organisation: organisations[party], other }),
          ),
        ]
  })
}
