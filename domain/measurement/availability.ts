import type { LoadErrorClass } from './load.ts'

/** One probe. `dueMs` and `latencyMs` count from when it was due. */
export interface ProbeSample {
  readonly dueMs: number
  readonly latencyMs: number
  /** Absent when the probe was answered well. */
  readonly failure?: LoadErrorClass
  /** The address that failed, where the name leads to several. */
  readonly at?: string
}

/** A stretch of failed probes: from the first one due to the next good one due. */
interface Incident {
  readonly startMs: number
  readonly endMs: number
  readonly probes: number
  /** Of the first failed probe. */
  readonly reason: LoadErrorClass
  /** The address of the first failed probe, where the name leads to several. */
  readonly at?: string
}

/** The observation so far: plain data, from which an interrupted observation resumes. */
export interface AvailabilityObservation {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly probes: number
  readonly failures: number
  /** Time in which no probe was made although one was due: the observer itself was down. */
  readonly unobservedMs: number
  readonly longestOutageMs: number
  readonly incidentCount: number
  /** The last hundred; `incidentCount` counts all. */
  readonly incidents: readonly Incident[]
  /** Whether the last incident goes on. */
  readonly failing: boolean
}

const keptIncidents = 100

export function startObservation(atMs: number): AvailabilityObservation {
  return {
    startedAtMs: atMs,
    endedAtMs: atMs,
    probes: 0,
    failures: 0,
    unobservedMs: 0,
    longestOutageMs: 0,
    incidentCount: 0,
    incidents: [],
    failing: false,
  }
}

/** The observation with one more probe, in the order the probes were due. */
export function observe(so: AvailabilityObservation, sample: ProbeSample): AvailabilityObservation {
  const next = { ...so, probes: so.probes + 1, endedAtMs: Math.max(so.endedAtMs, sample.dueMs) }
  const current = so.failing ? so.incidents.at(-1) : undefined
  if (sample.failure === undefined) {
    return current === undefined
      ? next
      : withIncident({ ...next, failing: false }, so.incidents.slice(0, -1), {
          ...current,
          endMs: sample.dueMs,
        })
  }
  const failed = { ...next, failures: so.failures + 1, failing: true }
  const lastedUntilMs = sample.dueMs + sample.latencyMs
  if (current !== undefined) {
    return withIncident(failed, so.incidents.slice(0, -1), {
      ...current,
      endMs: lastedUntilMs,
      probes: current.probes + 1,
    })
  }
  const incident = {
    startMs: sample.dueMs,
    endMs: lastedUntilMs,
    probes: 1,
    reason: sample.failure,
    ...(sample.at !== undefined && { at: sample.at }),
  }
  return withIncident({ ...failed, incidentCount: so.incidentCount + 1 }, so.incidents, incident)
}

/** Adds a stretch without probes, which counts neither as good nor as an outage. */
export function unobserved(so: AvailabilityObservation, ms: number): AvailabilityObservation {
  return { ...so, unobservedMs: so.unobservedMs + ms, endedAtMs: so.endedAtMs + ms }
}

/** Share of good probes, 0–1; 0 when there was none. */
export function availabilityOf(so: AvailabilityObservation): number {
  return so.probes === 0 ? 0 : (so.probes - so.failures) / so.probes
}

/** Share of the time that was observed, 0–1; 0 without a probe. */
export function observedShareOf({
  startedAtMs,
  endedAtMs,
  unobservedMs,
  probes,
}: AvailabilityObservation): number {
  if (probes === 0) return 0
  return unobservedMs === 0 ? 1 : Math.max(0, 1 - unobservedMs / (endedAtMs - startedAtMs))
}

function withIncident(
  so: AvailabilityObservation,
  before: readonly Incident[],
  incident: Incident,
): AvailabilityObservation {
  return {
    ...so,
    longestOutageMs: Math.max(so.longestOutageMs, incident.endMs - incident.startMs),
    incidents: [...before, incident].slice(-keptIncidents),
  }
}
