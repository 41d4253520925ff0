import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from './host.ts'
import { quote } from './privilege.ts'

/** A process that cannot be taken for a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** In clock ticks since the machine came up. */
  readonly startTicks: number
}

/** Gives the process of that number as it is now, or undefined when there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  // The second field is the name in brackets and may hold blanks; field 22 is counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z') return undefined
  return { pid, startTicks: Number(fields[19]) }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startTicks === identity.startTicks
}

/** Finds the host's runsvdir by its exact arguments, also when the one who started it left nothing behind. */
export async function findRunsvdir(serviceDir: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (basename(args[0] ?? '') === 'runsvdir' && args.includes(serviceDir)) return Number(pid)
  }
  return undefined
}

// A process belongs to a host when it runs as the host's user and names the host's folder in its arguments, its
// environment or as its working directory. PostgreSQL overwrites its environment, sshd goes to /: hence all three.
const listOwn = (home: string) => `h=${quote(home)}
own() {
  for p in $( { grep -lsaF -e "$h/" /proc/[0-9]*/cmdline /proc/[0-9]*/environ; find /proc/[0-9]*/cwd -maxdepth 0 -lname "$h*"; } 2>/dev/null | cut -d/ -f3 | sort -un); do
    if [ "$p" != $$ ] && [ -O "/proc/$p" ] && [ -d "/proc/$p" ] && ! grep -qs '^State:.Z' "/proc/$p/status"; then echo "$p"; fi
  done
}
`

/** The processes of a host, whoever started them. */
async function listProcesses(host: Host): Promise<number[]> {
  const out = await host.privilege.script(host.account, `${listOwn(host.home)}own`)
  return out.split('\n').filter(Boolean).map(Number)
}

/** Ends every process of a host: asked first, killed when still there after `graceMs`. */
export async function endProcesses(host: Host, graceMs: number): Promise<void> {
  const signal = (name: string) =>
    host.privilege.script(
      host.account,
      `${listOwn(host.home)}for p in $(own); do kill -${name} "$p" 2>/dev/null; done; true`,
    )
  await signal('TERM')
  if (await waitForNone(host, graceMs)) return
  await signal('KILL')
  await waitForNone(host, 2_000)
}

/** Waits until a host has no process left; false when it still has after `withinMs`. */
export async function waitForNone(host: Host, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while ((await listProcesses(host)).length > 0) {
    if (Date.now() > deadline) return false
    await sleep(50)
  }
  return true
}
