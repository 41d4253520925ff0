import type { Actor } from '../organisation.ts'

/** The two sides of a switch. */
export type Side = 'old' | 'new'

/** How a workflow can end or disappear before its move is over. */
export const workflowEnds = ['terminated', 'cancelled', 'failed', 'timed-out', 'completed', 'gone'] as const

/** What Temporal reports of a workflow that no longer carries its unfinished move. */
export interface WorkflowEnd {
  /** `gone`: Temporal knows no such workflow; it was deleted, or another server or namespace is asked. */
  readonly how: (typeof workflowEnds)[number]
  /** Who ended it and why, as they told Temporal; empty when they did not. */
  readonly by: string
  readonly reason: string
  /** Absent when it is gone. */
  readonly endedAtMs?: number
}

/** A person's confirmation that a move is over although its workflow did not finish it. */
export interface EndAcknowledgement {
  readonly by: Actor
  readonly atMs: number
  readonly reason: string
  readonly serves: Side
  /** Whether the sides themselves told which one serves, or, where they could not be asked, the person did. */
  readonly servesBy: 'look' | 'word'
}

/** A move that ended from outside; without an acknowledgement nobody has taken note of it yet. */
export interface EndedOutside {
  readonly end: WorkflowEnd
  readonly acknowledged?: EndAcknowledgement
}

/**
 * What a look at one side of a move finds on its server: the state on record, no record, or no answer. `stale` is open by its
 * own record, though the other side was opened without it since.
 */
export const sideLooks = ['open', 'closed', 'stale', 'never-switched', 'no-answer', 'mixed'] as const
export type SideLook = (typeof sideLooks)[number]

/** What a look finds on both sides of one dataset. */
export interface SidesLook {
  readonly old: SideLook
  readonly new: SideLook
}

/**
 * Which side serves by what was found of each dataset: undefined when that cannot be told, `mixed` when one dataset is
 * served by the old side and another by the new one. Nobody opens anything then. Both sides of a dataset never serve at
 * once, and a pair nobody prepared for a switch is served by the old side.
 */
export function servingSide(...datasets: readonly SidesLook[]): Side | 'mixed' | undefined {
  const serving = datasets.map(servingSideOfOne)
  if (serving.includes('old') && serving.includes('new')) return 'mixed'
  return serving.every((side) => side === serving[0]) ? serving[0] : undefined
}

/** What matters first of a side, where its datasets differ in that and are served by the same one. */
const first: readonly SideLook[] = ['stale', 'no-answer', 'closed', 'open', 'never-switched']

/**
 * What is found on both sides of all datasets together. Where one cannot tell which side serves it, that is what is found; `mixed` where
 * they are served by different ones.
 */
export function sidesOf(datasets: readonly SidesLook[]): SidesLook {
  const unclear = datasets.find((one) => servingSideOfOne(one) === undefined)
  if (unclear !== undefined) return unclear
  if (servingSide(...datasets) === 'mixed') return { old: 'mixed', new: 'mixed' }
  const of = (side: keyof SidesLook): SideLook =>
    first.find((look) => datasets.some((one) => one[side] === look)) ?? 'never-switched'
  return { old: of('old'), new: of('new') }
}

function servingSideOfOne(found: SidesLook): Side | undefined {
  if (found.new === 'open') return found.old === 'open' ? undefined : 'new'
  if (found.old === 'open') return 'old'
  return found.old === 'never-switched' && found.new === 'never-switched' ? 'old' : undefined
}
