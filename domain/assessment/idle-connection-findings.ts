import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import { type Finding, findingOf } from './finding.ts'

/** An entry whose proxy closes connections of its clients as it is reloaded. */
export interface CutIdleConnections {
  readonly url: string
  readonly host: string
  /** What makes it do so, and what would not. */
  readonly because: Said
}

/** Findings of proxies whose reload at a switch fails requests that are just on their way. */
export function idleConnectionFindings(entries: readonly CutIdleConnections[]): readonly Finding[] {
  return entries.map(({ url, host, because }) =>
    findingOf({
      severity: 'warning',
      subject: url,
      what: said('entry-cuts-idle-connections', { url, host, because }),
      remedy: said('remedy-entry-cuts-idle-connections'),
    }),
  )
}
