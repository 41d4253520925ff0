import { taskTitles } from '../words/tasks.ts'
import { type Refusal, refuse } from './command.ts'
import { finalSync } from './cutover-window.ts'
import type { Migration } from './migration.ts'
import { lookAtSidesStep, startReplicationStep, switchOverStep } from './settlement.ts'
import { isSwitched } from './switches.ts'
import type { Task } from './task.ts'
import { rearmStep } from './way-back.ts'

/** Where the dump of a database lies that is given up: a file on a host of the plan. */
export interface KeptDump {
  readonly host: string
  readonly path: string
  /** The dataset it is the dump of, where several may hold what is nowhere else. */
  readonly dataset?: string
}

/** What a side was given up by, for the record. */
export interface GivenUp {
  readonly dataset: string
  /** SHA-256 of its dump. */
  readonly dump: string
  /** The accounts of those who have agreed. */
  readonly by: readonly string[]
}

/** Failures of a step that found, where it wanted to copy to, what may be nowhere else. */
const heldAlone: ReadonlySet<string> = new Set(['side-stale', 'database-served', 'not-given-up'])

/** Steps that carry the giving up of a new side out. */
const newSideSteps: ReadonlySet<string> = new Set([
  startReplicationStep,
  finalSync,
  switchOverStep,
  lookAtSidesStep,
])

/** The side that a step which failed so leads to giving up; undefined where there is nothing to give up. */
export function givesUpAt(step: string, code: string): 'old' | 'new' | undefined {
  if (!heldAlone.has(code)) return undefined
  if (step === rearmStep) return 'old'
  return newSideSteps.has(step) ? 'new' : undefined
}

const givesUp = ({ step }: Migration): 'old' | 'new' | undefined =>
  givesUpAt(step?.id ?? '', step?.failure?.code ?? '')

/** Whether what a new side took alone can be given up now. */
export const mayGiveUpNewSide = (m: Migration): boolean => givesUp(m) === 'new' && !isSwitched(m)

/** Whether what an old side took alone can be given up, in a seeding anew that stopped at it. */
export const mayGiveUpOldSide = (m: Migration): boolean => givesUp(m) === 'old' && m.rearm !== undefined

/** Why a dump cannot be read where somebody says it lies. */
export function dumpRefusal({ plan }: Migration, { host }: KeptDump): Refusal | undefined {
  if (Object.hasOwn(plan.hosts, host)) return undefined
  return refuse('unknown-dump-host', { host, known: Object.keys(plan.hosts) })
}

/** How a dump is named in a task: the same dump is agreed to once. */
export const dumpName = ({ host, path }: KeptDump): string => `${host}:${path}`

/** Who has to agree before a database is given up: whose data they are, and who runs them. */
const agreeing = ['operations', 'owner'] as const

/** The tasks by which people agree to give a database up, but for those that are there already. */
export function givingUpTasks(m: Migration, side: 'old' | 'new', giveUp: KeptDump): readonly Task[] {
  const dump = dumpName(giveUp)
  const isAsked = m.tasks.some(
    ({ kind, details }) =>
      kind === 'give-up-database' && (details as { readonly dump?: unknown }).dump === dump,
  )
  if (isAsked) return []
  return agreeing.map((role) => ({
    id: `give-up-${String(m.sequence)}-${role}`,
    kind: 'give-up-database',
    title: taskTitles['give-up-database'],
    assignee: { role, organisation: m.plan.organisations[role] },
    wantsEvidence: false,
    wantsSignature: false,
    details: { side, dump },
    state: 'open',
    evidence: [],
    rejections: [],
  }))
}
