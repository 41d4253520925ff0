import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import type { HostSurroundings, PlaceOnHost } from './host-surroundings.ts'

/** The hosts as people know them, and the name of the thing in waivers. */
export interface HostNames {
  readonly from: string
  readonly to: string
  readonly object: string
}

const toleratedMs = 2_000
const shown = 5

/** What an application would not find on its new host as it has it on its old one; the code of each is its rule. Pure. */
export function surroundingProblems(
  names: HostNames,
  old: HostSurroundings,
  other: HostSurroundings,
): readonly Said[] {
  const apart = apartMs(old, other)
  const lacking = [...old.authorities].flatMap(([digest, name]) =>
    other.authorities.has(digest) ? [] : [name],
  )
  const less = [...old.limits].flatMap(([setting, had]) => {
    const has = other.limits.get(setting)
    return has === undefined || has >= had ? [] : [`${setting} ${amountText(has)} (${amountText(had)})`]
  })
  const missing = old.renewals.filter((name) => !other.renewals.includes(name))
  const left = old.renewals.filter((name) => other.renewals.includes(name))
  return [
    ...(apart > toleratedMs
      ? [said('host-clock-differs', { ...names, seconds: Math.round(apart / 1_000) })]
      : []),
    ...(lacking.length > 0
      ? [said('host-lacks-authorities', { ...names, files: [...new Set(lacking)].slice(0, shown) })]
      : []),
    ...(less.length > 0 ? [said('host-takes-less', { ...names, settings: less })] : []),
    ...(missing.length > 0
      ? [said('host-renews-not', { ...names, certificates: missing.slice(0, shown) })]
      : left.length > 0 && !other.renews
        ? [said('host-starts-no-renewal', { ...names, certificates: left.slice(0, shown) })]
        : []),
    ...(old.zonedCrontabs.length > 0 && old.cronKnowsZones !== false && other.cronKnowsZones === false
      ? [said('host-cron-ignores-zone', { ...names, crontabs: old.zonedCrontabs.slice(0, shown) })]
      : []),
    ...(other.losesSharedMemory === undefined
      ? []
      : [said('host-removes-shared-memory', { ...names, user: other.losesSharedMemory })]),
  ]
}

/** What would take a folder of the new host away, or keep programs from it. Pure. */
export function placeProblems(
  names: HostNames,
  path: string,
  old: PlaceOnHost | undefined,
  other: PlaceOnHost | undefined,
): readonly Said[] {
  if (other === undefined) return []
  const { cleanedBy, passingMount, label, enforced } = other
  const isRefused =
    enforced &&
    label !== undefined &&
    (old?.label === undefined ? unclaimed.test(label) : old.label !== label)
  return [
    ...(cleanedBy === undefined ? [] : [said('host-cleans-folder', { ...names, path, line: cleanedBy })]),
    ...(passingMount === undefined
      ? []
      : [said('host-mount-passes', { ...names, path, mount: passingMount })]),
    ...(isRefused
      ? [
          said('host-label-differs', {
            ...names,
            path,
            toText: label,
            ...(old?.label !== undefined && { fromText: old.label }),
          }),
        ]
      : []),
  ]
}

/** Types of SELinux that services have no right to. */
const unclaimed = /^(default|unlabeled|user_home|admin_home|user_home_dir|tmp|user_tmp|home_root|root)_t$/

/** How far both clocks are apart at least. */
function apartMs({ clockAheadMs: one }: HostSurroundings, { clockAheadMs: other }: HostSurroundings): number {
  if (one === undefined || other === undefined) return 0
  return Math.max(other.atLeast - one.atMost, one.atLeast - other.atMost)
}

function amountText(amount: number): string {
  if (amount === Infinity) return '∞'
  const units = [
    [1024 ** 3, 'G'],
    [1024 ** 2, 'M'],
    [1024, 'K'],
  ] as const
  const [size, unit] = units.find(([one]) => amount % one === 0) ?? [1, '']
  return `${String(amount / size)}${unit}`
}
