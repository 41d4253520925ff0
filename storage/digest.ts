import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import { AlteredError } from '../domain/ports/errors.ts'

/** SHA-256 in hex of bytes, or of a text in UTF-8. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Refuses content whose digest is not the stored one. @throws AlteredError */
export function assertUnaltered(
  what: AlteredError['what'],
  digest: string,
  content: string | Uint8Array,
): void {
  const found = sha256Hex(content)
  if (found !== digest) throw new AlteredError(what, digest, found)
}

/** The digest of a JSON value: SHA-256 of its canonical JSON (RFC 8785). */
export function jsonDigest(value: unknown): string {
  return sha256Hex(canonicalJson(value))
}

/** The digest of what was asked, without when: the door stamps a signature with the time of each asking. */
export function askedDigest(asked: object): string {
  return jsonDigest(
    JSON.parse(JSON.stringify(asked, (key, value: unknown) => (key === 'atMs' ? undefined : value))),
  )
}
