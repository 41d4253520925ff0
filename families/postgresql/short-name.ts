import { createHash } from 'node:crypto'

/** Tells names apart that look alike once they are cut short or spelt otherwise. */
export function shortDigest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8)
}

/** A name in at most so many bytes, which is what PostgreSQL counts: one that is longer ends in a digest of it all. */
export function fittingName(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name
  let start = Array.from(name)
  while (Buffer.byteLength(start.join('')) > bytes - 9) start = start.slice(0, -1)
  return `${start.join('')}_${shortDigest(name)}`
}
