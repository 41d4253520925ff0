import { type HostNames, placeProblems, surroundingProblems } from '../domain/assessment/host-differences.ts'
import { QianyunError } from '../domain/errors.ts'
import { type FilePlace, fileTreesOf } from '../domain/plan/file-trees.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import { applicationsOf, hostLabel, hostOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { waiverFor } from '../domain/plan/waiving.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'
import { type RegionalSettings, regionalSettings } from '../runner/host-facts/regional-settings.ts'
import { surroundingsOf } from '../runner/host-facts/surroundings.ts'
import type { PlanPlaces } from './plan-places.ts'

/** Thrown when an application would not find on its new host what it has on its old one. */
export class HostsDifferError extends QianyunError {
  override name = 'HostsDifferError'
  readonly code = 'hosts-differ'

  constructor(readonly problems: readonly Said[]) {
    super(said('hosts-differ', { problems }))
  }
}

/** The rules of regional settings, as waivers name them. Their object is the new host, by its name in the plan. */
const rules = ['host-time-zone-differs', 'host-locale-differs'] as const

/**
 * Compares the new hosts of every application with its old ones: regional settings, clocks, trusted certificates, limits, renewals of
 * certificates. Of the folders of applications and of files it sees whether the new host would keep them.
 * @throws HostsDifferError with every difference that no waiver covers; a time zone that a host does not tell is one
 */
export async function assertAlikeHosts(
  places: PlanPlaces,
  plan: MigrationPlan,
  hostKeys: HostKeys,
): Promise<void> {
  const waiving = waiverFor(plan.waivers)
  const pairs = pairsOf(plan)
  const trees = placesOf(plan)
  const settingsOf = once(async (host) => regionalSettings(places.host(plan, host, hostKeys)))
  const surroundings = once(async (host) =>
    surroundingsOf(places.host(plan, host, hostKeys), [
      ...new Set(
        trees.flatMap(({ from, to }) => [from, to].flatMap((one) => (one.host === host ? [one.path] : []))),
      ),
    ]),
  )
  const labelled = (name: string) => hostLabel(hostOf(plan, name))
  const problems: Said[] = []
  for (const { from, to } of pairs) {
    const [old, other] = await Promise.all([settingsOf(from), settingsOf(to)])
    const names: HostNames = { from: labelled(from), to: labelled(to), object: to }
    for (const rule of rules) {
      const values = valuesOf(rule, old, other)
      if (values === undefined || waiving(rule, to) !== undefined) continue
      problems.push(said(rule, { ...names, ...values }))
    }
    const around = surroundingProblems(names, await surroundings(from), await surroundings(to))
    problems.push(...around.filter(({ code }) => waiving(code, to) === undefined))
  }
  for (const { from, to } of trees) {
    if (isLab(hostOf(plan, to.host).address)) continue
    const object = `${to.host}:${to.path}`
    const names: HostNames = { from: labelled(from.host), to: labelled(to.host), object }
    const [old, other] = await Promise.all([surroundings(from.host), surroundings(to.host)])
    const found = placeProblems(names, to.path, old.places.get(from.path), other.places.get(to.path))
    problems.push(...found.filter(({ code }) => waiving(code, object) === undefined))
  }
  if (problems.length > 0) throw new HostsDifferError(problems)
}

/** Asks each host one time, however often it stands in a pair. */
function once<T>(read: (host: string) => Promise<T>): (host: string) => Promise<T> {
  const reads = new Map<string, Promise<T>>()
  return async (host) => {
    const known = reads.get(host) ?? read(host)
    reads.set(host, known)
    return known
  }
}

/** The hosts of the lab are folders of the runner's own machine, and go with it. */
function isLab(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

interface PlacePair {
  readonly from: FilePlace
  readonly to: FilePlace
}

/** The folders of files, and those of each application: that of a new host with one of an old one. */
function placesOf(plan: MigrationPlan): readonly PlacePair[] {
  const sites = applicationsOf(plan).flatMap(({ sites: { source, target } }) => {
    const [old] = source
    if (old === undefined) return []
    return target.map((site) => ({
      from: { host: old.host, path: old.directory },
      to: { host: site.host, path: site.directory },
    }))
  })
  const trees = fileTreesOf(plan).map(({ source, target }) => ({ from: source, to: target }))
  const pairs = [...trees, ...sites]
  return [...new Map(pairs.map((pair) => [`${pair.to.host}:${pair.to.path}`, pair])).values()]
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
