import type { MethodOfDataset } from '../plan/method.ts'
import { waiverFor, type Waivers } from '../plan/waiving.ts'
import { said } from '../words/said.ts'
import { type Finding, findingOf } from './finding.ts'
import type { HostFacts } from './host-facts.ts'

/** What the methods of a move's datasets are held against. */
export interface ChosenMethods {
  readonly methods: readonly MethodOfDataset[]
  /** The policy's `maxWriteGapMs`. */
  readonly maxWriteGapMs: number
  /** 可接受停机时长 of the ledger, where its department has said it. */
  readonly acceptableDowntimeMs?: number
  /** The datasets of each family on each source host of the plan, by the host's name. */
  readonly onHosts: readonly { readonly host: string; readonly families: readonly string[] }[]
  /** By family: the program whose process says that a host has a dataset of it. */
  readonly programs: readonly { readonly family: string; readonly program: RegExp }[]
}

type Found = Omit<Finding, 'dataset'> & { readonly dataset?: string }

/**
 * Gaps that the policy or the ledger does not allow, and datasets moved with the system stopped on a host that has what could be moved
 * online. A plan overrides each by a waiver, with its reason.
 */
export function methodFindings(
  chosen: ChosenMethods,
  hosts: readonly HostFacts[],
  waivers: Waivers,
): readonly Finding[] {
  const waived = waiverFor(waivers)
  return [...gapFindings(chosen), ...otherMethodFindings(chosen, hosts)].map((found) => {
    const waiver = waived(found.code, found.waiverName ?? found.subject)
    return waiver === undefined ? found : { ...found, waiver: waiver.reason }
  })
}

function gapFindings({ methods, maxWriteGapMs, acceptableDowntimeMs }: ChosenMethods): readonly Found[] {
  const acceptable = acceptableDowntimeMs ?? Number.MAX_SAFE_INTEGER
  const ofDatasets = methods.flatMap(({ dataset, gapAtMostMs = 0 }): Found[] => {
    const values = { dataset, gap: lengthOf(gapAtMostMs) }
    return [
      ...(gapAtMostMs > maxWriteGapMs
        ? [
            found(dataset, {
              severity: 'warning',
              what: said('gap-over-policy', { ...values, allowed: lengthOf(maxWriteGapMs) }),
              remedy: said('remedy-gap-over-policy'),
            }),
          ]
        : []),
      ...(gapAtMostMs > acceptable
        ? [
            found(dataset, {
              severity: 'critical',
              what: said('gap-over-ledger', { ...values, acceptable: lengthOf(acceptable) }),
              remedy: said('remedy-gap-over-ledger'),
            }),
          ]
        : []),
    ]
  })
  if (maxWriteGapMs <= acceptable) return ofDatasets
  const values = { allowed: lengthOf(maxWriteGapMs), acceptable: lengthOf(acceptable) }
  return [
    ...ofDatasets,
    {
      ...findingOf({
        severity: 'warning',
        subject: 'maxWriteGapMs',
        what: said('policy-gap-over-ledger', values),
        remedy: said('remedy-policy-gap-over-ledger'),
      }),
      waiverName: 'maxWriteGapMs',
    },
  ]
}

/** A program on a source host that a family moves online, where the plan has no dataset of that family there. */
function otherMethodFindings(
  { methods, onHosts, programs }: ChosenMethods,
  hosts: readonly HostFacts[],
): readonly Found[] {
  const cold = methods.filter(({ method }) => method.startsWith('commands-'))
  return cold.flatMap(({ dataset, family }) =>
    onHosts.flatMap(({ host, families }) => {
      if (!families.includes(family)) return []
      const processes = hosts.find((one) => one.host === host)?.processes ?? []
      return programs
        .filter(
          (one) =>
            !families.includes(one.family) && processes.some(({ command }) => one.program.test(command)),
        )
        .map((one) =>
          found(dataset, {
            severity: 'warning',
            what: said('method-other-possible', { dataset, host, family: one.family }),
            remedy: said('remedy-method-other-possible'),
          }),
        )
    }),
  )
}

function found(
  dataset: string,
  { severity, what, remedy }: Omit<Parameters<typeof findingOf>[0], 'subject'>,
): Found {
  return { ...findingOf({ severity, subject: dataset, what, remedy }), dataset, waiverName: dataset }
}

/** A length of time in the unit that people say it in. */
function lengthOf(ms: number) {
  if (ms < 60_000) return said('length-seconds', { count: figure(ms / 1_000) })
  if (ms < 7_200_000) return said('length-minutes', { count: figure(ms / 60_000) })
  return said('length-hours', { count: figure(ms / 3_600_000) })
}

const figure = (count: number): number => Math.round(count * 10) / 10
