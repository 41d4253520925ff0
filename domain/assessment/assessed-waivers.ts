import { type Waivers, coversByPattern, waiverFor, waiverList } from '../plan/waiving.ts'
import type { Finding } from './finding.ts'

/** How many objects a waiver with a pattern covered as the system was assessed. */
export interface CoveredWaiver {
  readonly rule: string
  readonly pattern: string
  readonly covered: number
}

/** Whether what a rule finds of an object was covered by a waiver as the system was assessed. */
export type WasWaived = (rule: string, object: string) => boolean

/** Every waiver of the plan that covers by a pattern. One of a single name covers that, and is in the findings. */
export function coveredWaivers(findings: readonly Finding[], waivers: Waivers): readonly CoveredWaiver[] {
  // One list for both: a waiver is told from another one by itself.
  const list = waiverList(waivers)
  const waiving = waiverFor(list)
  const counts = new Map(list.filter(coversByPattern).map((waiver) => [waiver, 0]))
  for (const { code, waiver: reason, waiverName } of findings) {
    if (reason === undefined || waiverName === undefined) continue
    const waiver = waiving(code, waiverName)
    const count = waiver === undefined ? undefined : counts.get(waiver)
    if (waiver !== undefined && count !== undefined) counts.set(waiver, count + 1)
  }
  return [...counts].map(([{ rule, pattern }, covered]) => ({ rule, pattern, covered }))
}

/**
 * Indexes the findings of one dataset's assessment, so that many objects can be looked up. A finding that names no dataset
 * counts for every dataset.
 */
export function wasWaivedIn(findings: readonly Finding[], dataset: string): WasWaived {
  const waived = new Set(
    findings.flatMap(({ code, waiver, waiverName, dataset: foundIn = dataset }) =>
      waiver === undefined || waiverName === undefined || foundIn !== dataset ? [] : [key(code, waiverName)],
    ),
  )
  return (rule, object) => waived.has(key(rule, object))
}

const key = (rule: string, object: string): string => `${rule} ${object}`
