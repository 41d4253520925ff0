import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'

/** SHA-256 in hex of bytes, or of a text's UTF-8. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The digest of a JSON value: SHA-256 of its canonical JSON (RFC 8785). */
export function jsonDigest(value: unknown): string {
  return sha256Hex(canonicalJson(value))
}
