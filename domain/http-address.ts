import { z } from 'zod'
import { wanted } from './schema-problems.ts'

export const HttpUrl = z.url({ protocol: /^https?$/, error: wanted('http-url') })

/**
 * A path below a URL. A second slash, a backslash, or what URLs leave out (tabs, line breaks) would make it the address of another
 * server, or a header.
 */
export const HttpPath = z
  .string()
  .max(2000)
  .regex(/^\/(?![/\\])[^\s\\\p{Cc}]*$/u, wanted('path-of-url'))

/** The port that a URL leads to. */
export function urlPort({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
