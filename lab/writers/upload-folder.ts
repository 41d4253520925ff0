import type { HostName, Lab } from '../lab.ts'
import { quote } from '../loopback/privilege.ts'
import { runOn } from '../ssh.ts'

/** Gives the SHA-256 of every file in a host's folder, read on the host over SSH. */
export async function readDigests(lab: Lab, name: HostName, folder: string): Promise<Set<string>> {
  const { stdout } = await runOn(lab, name, `find ${quote(folder)} -type f -exec sha256sum {} +`)
  return new Set(stdout.split('\n').map((line) => line.slice(0, 64)))
}
