import { readFileSync } from 'node:fs'

/** One process, told apart from a later one that got the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the kernel started it, in clock ticks since boot; null where there is no /proc. */
  readonly startTicks: number | null
}

/** The identity of a running process; undefined when there is none, or only its remains. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!exists(pid)) return undefined
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return exists(pid) ? { pid, startTicks: null } : undefined
  // The name before the last ")" may hold spaces and brackets itself; the fields after it are numbered from 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : { pid, startTicks: Number(fields[22 - 3]) }
}

/** Whether the process that was identified then is the one that runs now. */
export function stillRuns(then: ProcessIdentity): boolean {
  const now = identify(then.pid)
  return now !== undefined && (then.startTicks === null || now.startTicks === then.startTicks)
}

/** The command line of a process as a person would type it; undefined when it cannot be seen. */
export function commandLine(pid: number): string | undefined {
  const words = read(`/proc/${pid}/cmdline`)?.split('\0').filter(Boolean)
  return words === undefined || words.length === 0 ? undefined : words.join(' ')
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
