import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import { type Finding, findingOf } from './finding.ts'

/** The certificate that an entry shows. */
interface EntryCertificate {
  readonly url: string
  readonly end: { readonly endsAtMs: number } | { readonly unknownBecause: Said }
}

export interface EntryCertificates {
  readonly entries: readonly EntryCertificate[]
  readonly lookedAtMs: number
  /** When the retention of the move would end. */
  readonly lastsUntilMs: number
}

/** A certificate that ends within so many days is told, however soon a move is over. */
const certificateNoticeDays = 30
const dayMs = 86_400_000

/** Findings of certificates that end before the retention of the move does, or soon. */
export function certificateFindings({
  entries,
  lookedAtMs,
  lastsUntilMs,
}: EntryCertificates): readonly Finding[] {
  return entries.flatMap(({ url, end }) => {
    if ('unknownBecause' in end)
      return [
        findingOf({
          severity: 'information',
          subject: url,
          what: said('certificate-unknown', { url, because: end.unknownBecause }),
          remedy: said('remedy-certificate-unknown'),
        }),
      ]
    const { endsAtMs } = end
    if (endsAtMs > Math.max(lastsUntilMs, lookedAtMs + certificateNoticeDays * dayMs)) return []
    const date = new Date(endsAtMs).toISOString().slice(0, 10)
    const days = Math.floor((endsAtMs - lookedAtMs) / dayMs)
    return [
      findingOf({
        severity: 'warning',
        subject: url,
        what:
          endsAtMs <= lookedAtMs
            ? said('certificate-ended', { url, date })
            : said('certificate-ends', { url, date, days }),
        remedy: said('remedy-certificate-ends'),
      }),
    ]
  })
}
