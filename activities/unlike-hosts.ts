import { QianyunError } from '../domain/errors.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import { applicationsOf, hostLabel, hostOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { waiverFor } from '../domain/plan/waiving.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'
import { type RegionalSettings, regionalSettings } from '../runner/host-facts/regional-settings.ts'
import type { PlanPlaces } from './plan-places.ts'

/** Thrown when an application would find other regional settings on its new host than on its old one. */
export class HostsDifferError extends QianyunError {
  override name = 'HostsDifferError'
  readonly code = 'hosts-differ'

  constructor(readonly problems: readonly Said[]) {
    super(said('hosts-differ', { problems }))
  }
}

/** The rules, as waivers name them. Their object is the new host, by its name in the plan. */
const rules = ['host-time-zone-differs', 'host-locale-differs'] as const

/**
 * Compares the time zone and the locale of the new hosts of every application with those of its old ones.
 * @throws HostsDifferError with every difference that no waiver covers; a time zone that a host does not tell is one
 */
export async function assertAlikeHosts(
  places: PlanPlaces,
  plan: MigrationPlan,
  hostKeys: HostKeys,
): Promise<void> {
  const waiving = waiverFor(plan.waivers)
  const reads = new Map<string, Promise<RegionalSettings>>()
  const settingsOf = async (host: string): Promise<RegionalSettings> => {
    const read = reads.get(host) ?? regionalSettings(places.host(plan, host, hostKeys))
    reads.set(host, read)
    return read
  }
  const problems: Said[] = []
  for (const { from, to } of pairsOf(plan)) {
    const [old, other] = await Promise.all([settingsOf(from), settingsOf(to)])
    for (const rule of rules) {
      const values = valuesOf(rule, old, other)
      if (values === undefined || waiving(rule, to) !== undefined) continue
      const [fromLabel, toLabel] = [from, to].map((name) => hostLabel(hostOf(plan, name)))
      problems.push(said(rule, { from: fromLabel ?? from, to: toLabel ?? to, object: to, ...values }))
    }
  }
  if (problems.length > 0) throw new HostsDifferError(problems)
}

/** Each old host of an application with each new one, once. */
function pairsOf(plan: MigrationPlan): readonly { readonly from: string; readonly to: string }[] {
  const pairs = applicationsOf(plan).flatMap(({ sites }) =>
    sites.target.flatMap(({ host: to }) => sites.source.map(({ host: from }) => ({ from, to }))),
  )
  return [...new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair])).values()]
}

/** Both values where they differ. */
function valuesOf(
  rule: (typeof rules)[number],
  from: RegionalSettings,
  to: RegionalSettings,
): { readonly fromText: string | Said; readonly toText: string | Said } | undefined {
  if (rule === 'host-locale-differs')
    return from.locale === to.locale ? undefined : { fromText: from.locale, toText: to.locale }
  const [one, other] = [from.timeZone, to.timeZone]
  if (one !== undefined && one.offsets === other?.offsets) return undefined
  return { fromText: one?.name ?? said('setting-not-told'), toText: other?.name ?? said('setting-not-told') }
}
