import type { ApiClient } from '../server/api-client.ts'
import { CheckFailedError } from '../command-line/errors.ts'
import { sentence } from '../language/message.ts'
import { reportMessages as m } from '../messages/recognition.ts'
import { sha256Hex } from '../identity/signing-key.ts'

/** A report as it came over the wire. `digest` was computed here, over exactly these bytes. */
export interface CheckedReport {
  readonly bytes: Uint8Array
  readonly digest: string
  readonly content: unknown
}

/**
 * Fetches a report and computes its digest over the bytes received.
 * Throws CheckFailedError when that is not the digest the server names (or the one asked for).
 */
export async function fetchCheckedReport(
  api: ApiClient,
  system: string,
  asked?: string,
): Promise<CheckedReport> {
  const response = await api.fetch('showReport', {
    params: { system },
    query: asked === undefined ? {} : { digest: asked },
  })
  const named = asked ?? /^"([0-9a-f]{64})"$/.exec(response.header('etag') ?? '')?.[1]
  if (named === undefined) throw new CheckFailedError('no-digest', sentence(m.noDigest))
  const bytes = await response.bytes()
  const digest = sha256Hex(bytes)
  if (digest !== named)
    throw new CheckFailedError('other-digest', sentence(m.differs, { local: digest, named }))
  const content: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return { bytes, digest, content }
}
