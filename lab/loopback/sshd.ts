import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensureSecretFile, secretPath } from '../secrets.ts'
import { type Host, writeFile } from './host.ts'
import type { Programs } from './packages.ts'
import { quote } from './privilege.ts'
import { writeService } from './runit.ts'

const run = promisify(execFile)

export const sshKeySecret = 'lab-ssh-key'

/** Makes the key that every host of the lab accepts, when there is none. Gives its public half. */
export async function ensureLabKey(home: string, programs: Programs): Promise<string> {
  await ensureSecretFile(home, sshKeySecret, async (draft) => {
    await run(programs.sshKeygen, ['-q', '-t', 'ed25519', '-N', '', '-C', 'qianyun-lab', '-f', draft])
    await rm(`${draft}.pub`)
  })
  const { stdout } = await run(programs.sshKeygen, ['-y', '-f', secretPath(home, sshKeySecret)])
  return stdout.trim()
}

/** Makes a host's own sshd. Gives the host key's fingerprint as ssh-keygen prints it. */
export async function makeSshd(
  host: Host,
  port: number,
  publicKey: string,
  programs: Programs,
): Promise<string> {
  const hostKey = join(host.etc, 'ssh_host_ed25519_key')
  const fingerprint = await host.privilege.script(
    host.account,
    `umask 027
[ -f ${quote(hostKey)} ] || ${quote(programs.sshKeygen)} -q -t ed25519 -N '' -C ${quote(host.account.name)} -f ${quote(hostKey)} || exit 1
mkdir -p ${quote(join(host.home, '.ssh'))}
${writeFile(join(host.home, '.ssh/authorized_keys'), publicKey, { mode: 600 })}
${writeFile(join(host.etc, 'sshd_config'), await sshdConfig(host, port, hostKey))}
${writeService(host, { name: 'sshd', command: [programs.sshd, '-D', '-e', '-f', join(host.etc, 'sshd_config')] })}
${quote(programs.sshKeygen)} -l -E sha256 -f ${quote(`${hostKey}.pub`)}
`,
  )
  return fingerprint.split(' ')[1] ?? ''
}

async function sshdConfig(host: Host, port: number, hostKey: string): Promise<string> {
  const environment = Object.entries(host.env).map(([name, value]) => `"${name}=${value}"`)
  return `Port ${port}
ListenAddress ${host.address}
HostKey "${hostKey}"
PidFile none
AllowUsers ${host.account.name}
AuthorizedKeysFile "${join(host.home, '.ssh/authorized_keys')}"
AuthenticationMethods publickey
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
# A lab may lie in /tmp, which everybody can write to.
StrictModes no
UseDNS no
PermitUserRC no
AllowAgentForwarding no
X11Forwarding no
PrintMotd no
LoginGraceTime 20
MaxStartups 200:30:400
MaxSessions 200
ClientAliveInterval 15
SetEnv ${environment.join(' ')}
Subsystem sftp internal-sftp -d "${host.home}"
${(await hasPenalties()) ? 'PerSourcePenalties no\n' : ''}`
}

/** From 9.8 on sshd shuts out an address that failed to log in; all of the lab's clients share one. */
async function hasPenalties(): Promise<boolean> {
  const { stderr } = await run('ssh', ['-V'])
  const [, major = '0', minor = '0'] = /OpenSSH_(\d+)\.(\d+)/.exec(stderr) ?? []
  return Number(major) > 9 || (major === '9' && Number(minor) >= 8)
}
