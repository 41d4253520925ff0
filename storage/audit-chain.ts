import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Actor } from '../domain/organisation.ts'

/** Kinds of entries of the audit log besides the events of moves. */
export type AuditKind =
  | 'event'
  | 'refusal'
  | 'command-given'
  | 'command-not-given'
  | 'system-imported'
  | 'plan-created'
  | 'launch-requested'
  | 'launch-withdrawn'
  | 'evidence-stored'
  | 'account-set'
  | 'projection-folded-anew'
  | 'secret-address'
  | 'playbook-run'
  | 'playbook-run-ended'
  | 'workflow-ended'
  | 'workflow-runs-again'

export interface AuditEntry {
  readonly sequence: number
  readonly atMs: number
  readonly kind: AuditKind
  /** Absent if the actor is unknown, as with a refused token. */
  readonly actor?: Actor
  /** The subject: a move, a system, a plan, a path. */
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** One line of the log: `hash` = SHA-256(previousHash ‖ leafHash), leafHash = SHA-256(0x00 ‖ canonical JSON of `entry`). */
export interface AuditLine {
  readonly entry: AuditEntry
  readonly previousHash: string
  readonly leafHash: string
  readonly hash: string
}

export interface AuditHead {
  readonly sequence: number
  readonly hash: string
}

/** The head of an empty log. */
export const emptyHead: AuditHead = { sequence: 0, hash: '0'.repeat(64) }

/** The leaf hash of RFC 6962. The 0x00 would distinguish leaves from inner nodes if the log became a tree. */
export function leafHash(entry: AuditEntry): string {
  return createHash('sha256').update(Uint8Array.of(0)).update(canonicalJson(entry)).digest('hex')
}

/** The line after `head`. `entry.sequence` is the sequence of the head plus one. */
export function nextLine(head: AuditHead, entry: AuditEntry): AuditLine {
  const leaf = leafHash(entry)
  return { entry, previousHash: head.hash, leafHash: leaf, hash: chainHash(head.hash, leaf) }
}

/** What of a line does not follow `head`; undefined if it follows. */
export function lineProblem(
  head: AuditHead,
  line: AuditLine,
): { readonly column: string; readonly found: unknown; readonly expected: unknown } | undefined {
  const { entry } = line
  const leaf = leafHash(entry)
  const expected = {
    sequence: head.sequence + 1,
    previous_hash: head.hash,
    leaf_hash: leaf,
    hash: chainHash(head.hash, leaf),
  }
  const found = {
    sequence: entry.sequence,
    previous_hash: line.previousHash,
    leaf_hash: line.leafHash,
    hash: line.hash,
  }
  for (const column of ['sequence', 'previous_hash', 'leaf_hash', 'hash'] as const)
    if (found[column] !== expected[column])
      return { column, found: found[column], expected: expected[column] }
  return undefined
}

function chainHash(previous: string, leaf: string): string {
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(Buffer.from(leaf, 'hex'))
    .digest('hex')
}
