/**
 * What discovery found on a host and in a database: plain JSON, stored whole and named by its digest. Lists are bounded;
 * a topic that could not be looked at stands in `unknown` with the reason, and its list is empty.
 */
export interface HostFacts {
  readonly host: string
  readonly address: string
  readonly gatheredAtMs: number
  readonly system: SystemFacts
  readonly disks: readonly DiskFacts[]
  readonly packages: PackageFacts
  readonly processes: readonly ProcessFacts[]
  readonly listening: readonly ListeningPort[]
  /** Who this host is connected to right now: what it depends on, or who depends on it. */
  readonly peers: readonly Peer[]
  readonly jobs: readonly ScheduledJob[]
  readonly services: readonly ServiceFacts[]
  /** Absent in facts of before it was looked for. */
  readonly starters?: readonly StarterFacts[]
  readonly runtimes: readonly RuntimeFacts[]
  readonly hardCoded: readonly HardCoded[]
  readonly unknown: readonly UnknownTopic[]
}

export interface SystemFacts {
  /** `debian`, `rhel`, `alpine`, … as in os-release; `unknown` when the host does not say. */
  readonly id: string
  readonly name: string
  readonly version: string
  /** YYYY-MM-DD; absent when the release line is not in the table. */
  readonly endOfLife?: string
  readonly kernel: string
  readonly architecture: string
  readonly hostName: string
  readonly libc?: string
  readonly virtualisation?: string
  readonly timeZone?: string
  readonly cpuCount?: number
  readonly memoryBytes?: number
}

export interface DiskFacts {
  readonly device: string
  readonly mount: string
  readonly sizeBytes: number
  readonly usedBytes: number
}

export interface PackageFacts {
  readonly manager: 'dpkg' | 'rpm' | 'apk' | 'unknown'
  readonly count: number
  /** Servers and language runtimes only. */
  readonly named: readonly { readonly name: string; readonly version: string }[]
}

export interface ProcessFacts {
  readonly pid: number
  readonly user: string
  readonly memoryBytes?: number
  /** Secrets in arguments are masked. */
  readonly command: string
}

export interface ListeningPort {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  /** Known for processes the user may look into. */
  readonly process?: string
}

export interface Peer {
  readonly address: string
  readonly port: number
  /** `out`: this host connected; `in`: the peer connected to a port this host listens on. */
  readonly direction: 'in' | 'out'
  /** The port on this side for `in`; absent for `out`. */
  readonly localPort?: number
  readonly process?: string
  readonly connections: number
}

export interface ScheduledJob {
  /** A file, `crontab of <user>`, or `systemd`. */
  readonly source: string
  readonly schedule: string
  readonly command: string
}

/** What starts a service or a container again that somebody has stopped. */
export interface StarterFacts {
  readonly by: 'logrotate' | 'monit' | 'docker'
  /** A file, or the name of a container. */
  readonly place: string
  readonly command: string
}

export interface ServiceFacts {
  readonly manager: 'systemd' | 'runit' | 'openrc'
  readonly name: string
  readonly state: string
}

export interface RuntimeFacts {
  /** `node`, `java`, `php`, `python`. */
  readonly language: string
  readonly version: string
  /** The file that declares it, or `installed`. */
  readonly source: string
  readonly declared: boolean
  readonly endOfLife?: string
}

/** An address or a path of this very machine room, written into a file of the application. */
export interface HardCoded {
  readonly kind: 'ip-address' | 'absolute-path'
  readonly file: string
  readonly line: number
  readonly match: string
  /** The line, shortened, secrets masked. */
  readonly text: string
}

export interface UnknownTopic {
  readonly topic: string
  readonly reason: string
}
