import { inForeignWords, said } from '../words/said.ts'
import { isPast } from './end-of-life.ts'
import type { HardCoded, HostFacts, RuntimeFacts } from './host-facts.ts'
import { type Finding, findingOf } from './finding.ts'

/** What the facts of the old host say about its move. Pure. */
export function hostFindings(facts: HostFacts): Finding[] {
  const { host } = facts
  return [
    ...systemFindings(facts),
    ...runtimeFindings(facts),
    ...hardCodedFindings(facts.hardCoded),
    ...diskFindings(facts),
    ...jobFindings(facts),
    ...starterFindings(facts),
    ...peerFindings(facts),
    ...facts.unknown.map(({ topic, reason }) =>
      findingOf({
        severity: 'warning',
        subject: `${host}: ${topic}`,
        what: said('topic-unknown', { host, topic, reason: inForeignWords(reason.slice(0, 300)) }),
        remedy: said('remedy-topic-unknown'),
      }),
    ),
  ]
}

/** Files whose change is a change of configuration, not of code. */
export function isConfiguration(file: string): boolean {
  return /(\.(conf|cfg|cnf|ini|properties|ya?ml|xml|json|env|toml|config)|\/\.env[^/]*)$/.test(file)
}

/** Runtimes the application declares whose support has ended. */
export function endedRuntimes(facts: HostFacts): readonly RuntimeFacts[] {
  return facts.runtimes.filter(
    ({ declared, endOfLife }) => declared && endOfLife !== undefined && isPast(endOfLife, facts.gatheredAtMs),
  )
}

function systemFindings({ host, system, gatheredAtMs }: HostFacts): Finding[] {
  const { id, name, endOfLife: date } = system
  if (id === 'unknown') {
    return [
      findingOf({
        severity: 'warning',
        subject: host,
        what: said('os-unknown', { host }),
        remedy: said('remedy-os-unknown'),
      }),
    ]
  }
  if (date === undefined || !isPast(date, gatheredAtMs)) return []
  return [
    findingOf({
      severity: 'warning',
      subject: host,
      what: said('os-end-of-life', { host, system: name, date }),
      remedy: said('remedy-os-end-of-life'),
    }),
  ]
}

/** One finding for each release line, however many files name it. */
function runtimeFindings(facts: HostFacts): Finding[] {
  const lines = new Map<string, RuntimeFacts[]>()
  for (const runtime of endedRuntimes(facts)) {
    const line = `${runtime.language} ${runtime.version.split('.').slice(0, majorParts(runtime)).join('.')}`
    lines.set(line, [...(lines.get(line) ?? []), runtime])
  }
  return [...lines].map(([runtime, runtimes]) => {
    const date = runtimes[0]?.endOfLife ?? ''
    const sources = short(runtimes.map(({ source }) => source))
    return findingOf({
      severity: 'warning',
      subject: runtime,
      what: said('runtime-end-of-life', { runtime, date, sources }),
      remedy: said('remedy-runtime-end-of-life'),
    })
  })
}

function majorParts({ language, version }: RuntimeFacts): number {
  const minorCounts = language === 'php' || (language === 'python' && version.startsWith('3'))
  return minorCounts ? 2 : 1
}

/** One finding for each file and kind. */
function hardCodedFindings(hardCoded: readonly HardCoded[]): Finding[] {
  const files = new Map<string, HardCoded[]>()
  for (const one of hardCoded) {
    const key = `${one.kind} ${one.file}`
    files.set(key, [...(files.get(key) ?? []), one])
  }
  return [...files.values()].flatMap((found) => {
    const [first] = found
    if (first === undefined) return []
    const { file, kind } = first
    const places = short(found.map(({ line, match }) => `${line}: ${match}`))
    return [
      findingOf({
        severity: 'warning',
        subject: file,
        what: said(kind === 'ip-address' ? 'hard-coded-address' : 'hard-coded-path', { file, places }),
        remedy: said(
          !isConfiguration(file)
            ? 'remedy-hard-coded-in-code'
            : kind === 'ip-address'
              ? 'remedy-address-in-configuration'
              : 'remedy-path-in-configuration',
        ),
      }),
    ]
  })
}

function diskFindings({ host, disks }: HostFacts): Finding[] {
  return disks
    .filter(({ sizeBytes, usedBytes }) => sizeBytes > 0 && usedBytes / sizeBytes >= 0.9)
    .map(({ mount, sizeBytes, usedBytes }) => {
      const percent = Math.floor((usedBytes / sizeBytes) * 100)
      return findingOf({
        severity: 'warning',
        subject: `${host}:${mount}`,
        what: said('disk-nearly-full', { host, mount, percent }),
        remedy: said('remedy-disk-nearly-full'),
      })
    })
}

function jobFindings({ host, jobs }: HostFacts): Finding[] {
  return jobs
    .filter(({ source }) => source.startsWith('crontab of '))
    .map(({ source, schedule, command }) =>
      findingOf({
        severity: 'information',
        subject: `${host}: ${command}`.slice(0, 200),
        what: said('scheduled-job', { source, schedule, command: command.slice(0, 300) }),
        remedy: said('remedy-scheduled-job'),
      }),
    )
}

function starterFindings({ host, starters = [] }: HostFacts): Finding[] {
  return starters.map(({ by, place, command }) =>
    findingOf({
      severity: 'warning',
      subject: `${host}: ${place}`,
      what: said('started-again', { host, place, by, command }),
      remedy: said(by === 'docker' ? 'remedy-container-started-again' : 'remedy-started-again'),
    }),
  )
}

function peerFindings({ host, peers }: HostFacts): Finding[] {
  return peers
    .filter(({ direction }) => direction === 'out')
    .map(({ address, port, process, connections }) => {
      const peer = `${address}:${port}`
      return findingOf({
        severity: 'information',
        subject: peer,
        what: said('outgoing-connection', { host, peer, connections, process }),
        remedy: said('remedy-outgoing-connection'),
      })
    })
}

function short(items: readonly string[]): string {
  const shown = items.slice(0, 4).map((item) => (item.length > 60 ? `…${item.slice(-58)}` : item))
  return `${shown.join(', ')}${items.length > 4 ? ', …' : ''}`
}
