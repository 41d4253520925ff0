import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Actor } from '../domain/organisation.ts'

/** What the audit log holds beside the events of the moves. */
export type AuditKind =
  | 'event'
  | 'refusal'
  | 'system-imported'
  | 'plan-created'
  | 'launch-requested'
  | 'launch-withdrawn'
  | 'evidence-stored'
  | 'account-set'
  | 'playbook-run'
  | 'playbook-run-ended'
  | 'workflow-ended'
  | 'workflow-runs-again'

export interface AuditEntry {
  readonly sequence: number
  readonly atMs: number
  readonly kind: AuditKind
  /** Absent when nobody was known: a refused token. */
  readonly actor?: Actor
  /** What it is about: a move, a system, a plan, a path. */
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

/** What comes before the first entry. */
export const emptyHead: AuditHead = { sequence: 0, hash: '0'.repeat(64) }

/** The leaf hash of RFC 6962: the 0x00 keeps leaves apart from inner nodes, should the log become a tree. */
export function leafHash(entry: AuditEntry): string {
  return createHash('sha256').update(Uint8Array.of(0)).update(canonicalJson(entry)).digest('hex')
}

/** The line that follows `head`. `entry.sequence` is the head's and one. */
export function nextLine(head: AuditHead, entry: AuditEntry): AuditLine {
  const leaf = leafHash(entry)
  return { entry, previousHash: head.hash, leafHash: leaf, hash: chainHash(head.hash, leaf) }
}

/** Why the line does not follow `head`, in a sentence; undefined when it does. */
export function lineProblem(head: AuditHead, line: AuditLine): string | undefined {
  const { entry } = line
  if (entry.sequence !== head.sequence + 1) {
    return `sequence "${entry.sequence}" follows "${head.sequence}"; "${head.sequence + 1}" was expected`
  }
  if (line.previousHash !== head.hash) {
    return `it names "${line.previousHash}" as the hash before it, which is "${head.hash}"`
  }
  const leaf = leafHash(entry)
  if (line.leafHash !== leaf) {
    return `its content has the hash "${leaf}", but "${line.leafHash}" was recorded`
  }
  if (line.hash !== chainHash(head.hash, leaf))
    return `its recorded hash "${line.hash}" is not that of its content`
  return undefined
}

function chainHash(previous: string, leaf: string): string {
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(Buffer.from(leaf, 'hex'))
    .digest('hex')
}
