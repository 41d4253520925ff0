import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assertQuickSudo } from '../../../runner/entry/quick-sudo.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let hosts: HostPool
let folder: string

beforeAll(async () => {
  sshd = await startSshd()
  hosts = new HostPool()
  folder = mkdtempSync(join(tmpdir(), 'qianyun-sudo-'))
}, 60_000)
afterAll(async () => {
  await hosts.close()
  await sshd.close()
  rmSync(folder, { recursive: true })
})

/** A host where the login user is not root, and these programs stand in the place of sudo and of the resolver. */
function hostWith(name: string, sudo: string, getent = 'true'): HostPort {
  const host = hosts.host(sshd.target({ name }))
  const tools = join(folder, name)
  mkdirSync(tools)
  for (const [tool, script] of Object.entries({ sudo, getent, id: 'echo 1000' })) {
    writeFileSync(join(tools, tool), `#!/bin/sh\n${script}\n`)
    chmodSync(join(tools, tool), 0o755)
  }
  return {
    name: host.name,
    address: host.address,
    run: async (script, options) => host.run(`PATH=${tools}:$PATH\n${script}`, options),
    readFile: async (path) => host.readFile(path),
    start: async (script) => host.start(script),
  }
}

const look = async (host: HostPort, waivers: Parameters<typeof assertQuickSudo>[1] = []) =>
  assertQuickSudo([{ name: host.name, host }], waivers).then(
    () => 'quick',
    (error: unknown) => String(error),
  )

describe('sudo on a host of a switch', () => {
  it('is refused where it is slow or does not end, with what it waits for, and a waiver of the host lets it pass', async () => {
    const byOther = hostWith('by-other', 'sleep 3.3')
    const [name, other, unended] = await Promise.all([
      look(hostWith('by-name', 'sleep 3.3', 'sleep 3.3')),
      look(byOther),
      look(hostWith('unended', 'exec sleep 300')),
    ])
    expect(name).toMatch(
      /On "by-name" sudo took \d{4,} ms .* waits for the resolution of the host's own name/,
    )
    expect(other).toMatch(/On "by-other" sudo took \d{4,} ms .* something else than the name/)
    expect(unended).toContain('On "unended" sudo had not run a command that does nothing after 20000 ms')
    expect(await look(byOther, [{ rule: 'sudo-slow', pattern: 'by-other', reason: 'LDAP.' }])).toBe('quick')
  }, 120_000)

  it('passes where it is slow once, and where it is not allowed or not used', async () => {
    const once = `[ -e ${folder}/seen ] || { touch ${folder}/seen; sleep 4; }`
    expect(await look(hostWith('once', once))).toBe('quick')
    expect(await look(hostWith('refused', 'sleep 4; exit 1'))).toBe('quick')
    expect(await look(hosts.host(sshd.target({ name: 'root' })))).toBe('quick')
  }, 60_000)
})
