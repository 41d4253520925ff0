import { join } from 'node:path'
import { type Host, writeFile } from './host.ts'
import type { Programs } from './packages.ts'
import { assertFree } from './ports.ts'
import { quote } from './privilege.ts'
import { endProcesses, findRunsvdir, waitForNone } from './processes.ts'

export interface Service {
  readonly name: string
  /** Words of the program and its arguments. */
  readonly command: readonly string[]
  /** Shell lines before the program takes over. */
  readonly before?: string
  /** The signal that ends it well, where that is not TERM. */
  readonly stopSignal?: 'INT'
  /** Not started by itself, only by `sv up`. */
  readonly down?: boolean
  readonly workingDir?: string
}

/** A piece of shell script that writes a runit service; its output goes to <host>/log/<service>.log. */
export function writeService(host: Host, service: Service): string {
  const dir = join(host.serviceDir, service.name)
  const run = `#!/bin/sh
exec >>${quote(join(host.logDir, `${service.name}.log`))} 2>&1
umask 027
cd ${quote(service.workingDir ?? host.home)} || exit 1
${service.before ?? ''}
exec ${service.command.map(quote).join(' ')}
`
  const parts = [`mkdir -p ${quote(join(dir, 'control'))}`]
  if (service.down === true) parts.push(`touch ${quote(join(dir, 'down'))}`)
  if (service.stopSignal !== undefined) {
    const stop = `#!/bin/sh\nexec kill -${service.stopSignal} "$(cat supervise/pid)"\n`
    parts.push(writeFile(join(dir, 'control/t'), stop, { mode: 750 }))
  }
  parts.push(writeFile(join(dir, 'run'), run, { mode: 750 }))
  return parts.join('\n')
}

/**
 * Starts the supervisor of a host's services unless it runs. What an earlier supervisor left behind is ended first.
 * Throws LabPortTakenError when one of the host's ports then still belongs to somebody.
 */
export async function startServices(host: Host, programs: Programs, ports: readonly number[]): Promise<void> {
  if ((await findRunsvdir(host.serviceDir)) !== undefined) return
  await endProcesses(host, 5_000)
  for (const port of ports) await assertFree(host.address, port)
  await host.privilege.script(
    host.account,
    `umask 027
cd ${quote(host.home)} || exit 1
setsid ${quote(programs.runsvdir)} -P ${quote(host.serviceDir)} </dev/null >>${quote(join(host.logDir, 'runsvdir.log'))} 2>&1 &
`,
    host.env,
  )
}

/** Ends a host's services and their supervisor, and then whatever else still runs on the host. */
export async function stopServices(host: Host): Promise<void> {
  const pid = await findRunsvdir(host.serviceDir)
  // HUP makes runsvdir end its services too; TERM would leave them running.
  if (pid !== undefined) await host.privilege.script(host.account, `kill -HUP ${pid} 2>/dev/null; true`)
  if (pid !== undefined && (await waitForNone(host, 8_000))) return
  await endProcesses(host, 3_000)
}
