import { createHash } from 'node:crypto'

import { canonicalJson, type AuditLine } from '../../api/contract.ts'
import { sentence, type Sentence } from '../language/message.ts'
import { auditMessages as m } from '../messages/playbook.ts'

/** A place in the chain: everything up to `sequence` adds up to `hash`. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

export interface ChainVerdict {
  readonly verified: boolean
  readonly entries: number
  /** The last good place. */
  readonly head: ChainHead
  readonly firstBad?: { readonly sequence: number; readonly reason: Sentence }
}

const beginning: ChainHead = { sequence: 0, hash: '0'.repeat(64) }

/**
 * Recomputes a chain from its lines alone, with nothing of the server's: leaf = SHA-256(0x00 ‖ canonical JSON of the
 * entry), hash = SHA-256(previous ‖ leaf). `kept` is a head from an earlier look, which must still be in the chain.
 */
export async function verifyChain(lines: AsyncIterable<string>, kept?: ChainHead): Promise<ChainVerdict> {
  let head = beginning
  for await (const text of lines) {
    if (text.trim() === '') continue
    const line = parsed(text)
    const reason =
      line === undefined
        ? sentence(m.reasonNotJson, { line: head.sequence + 1 })
        : (problem(head, line) ?? spelling(head, line, text))
    if (reason !== undefined || line === undefined) return verdict(head, reason)
    head = { sequence: line.entry.sequence, hash: line.hash }
    if (kept?.sequence === head.sequence && kept.hash !== head.hash) {
      return verdict(head, sentence(m.reasonHead, { expected: kept.hash, found: head.hash }), head.sequence)
    }
  }
  if (kept !== undefined && kept.sequence > head.sequence) {
    const found = head.sequence === 0 ? m.nothing.en : `${head.sequence}:${head.hash}`
    return verdict(
      head,
      sentence(m.reasonHead, { expected: `${kept.sequence}:${kept.hash}`, found }),
      kept.sequence,
    )
  }
  return verdict(head)
}

function verdict(head: ChainHead, reason?: Sentence, sequence = head.sequence + 1): ChainVerdict {
  const found = { verified: reason === undefined, entries: head.sequence, head }
  return reason === undefined ? found : { ...found, firstBad: { sequence, reason } }
}

function parsed(text: string): AuditLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<AuditLine> | null
    const isLine =
      typeof line?.entry?.sequence === 'number' &&
      [line.previousHash, line.leafHash, line.hash].every(
        (hash) => typeof hash === 'string' && hash.length === 64,
      )
    return isLine ? (line as AuditLine) : undefined
  } catch {
    return undefined
  }
}

/** The same entry in other letters has the same hash, and other readers may see another one in it. */
function spelling(head: ChainHead, line: AuditLine, text: string): Sentence | undefined {
  return canonicalJson(line) === text.trim()
    ? undefined
    : sentence(m.reasonNotCanonical, { line: head.sequence + 1 })
}

function problem(head: ChainHead, line: AuditLine): Sentence | undefined {
  const { entry, previousHash } = line
  if (entry.sequence !== head.sequence + 1) {
    return sentence(m.reasonSequence, { found: entry.sequence, expected: head.sequence + 1 })
  }
  if (previousHash !== head.hash)
    return sentence(m.reasonPrevious, { found: previousHash, expected: head.hash })
  const leaf = createHash('sha256').update(Uint8Array.of(0)).update(canonicalJson(entry)).digest('hex')
  if (line.leafHash !== leaf) return sentence(m.reasonLeaf, { found: line.leafHash, expected: leaf })
  const hash = createHash('sha256')
    .update(Buffer.from(head.hash, 'hex'))
    .update(Buffer.from(leaf, 'hex'))
    .digest('hex')
  return line.hash === hash ? undefined : sentence(m.reasonHash, { found: line.hash, expected: hash })
}
