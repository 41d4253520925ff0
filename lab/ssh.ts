import { text } from 'node:stream/consumers'
import { connectHost } from '../runner/ssh/connection.ts'
import { Session } from '../runner/ssh/session.ts'
import type { HostName, Lab } from './lab.ts'

/** What a command on a host ended with. */
export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** How to log in where it is not as the lab's own key and the host's own user. */
export interface Login {
  readonly user?: string
  readonly privateKey?: string
}

/**
 * Runs a shell command on a host of the lab over SSH, its host key compared with the one described.
 * Throws what connecting and a lost connection throw; an exit code is an answer.
 */
export async function runOn(lab: Lab, name: HostName, command: string, login: Login = {}): Promise<Ran> {
  const { address, sshPort: port, user, hostKeyFingerprint: hostKey } = lab.description.hosts[name]
  const { sshKeySecret } = lab.description
  const privateKey = async (): Promise<string> => login.privateKey ?? lab.secret(sshKeySecret)
  const client = await connectHost({ name, address, port, user: login.user ?? user, hostKey, privateKey })
  try {
    const session = await Session.start(client, name, { script: command, framing: 'whole' })
    session.stdin.end()
    const [exitCode, stdout, stderr] = await Promise.all([
      session.ended,
      text(session.stdout),
      text(session.stderr),
    ])
    return { exitCode, stdout, stderr }
  } finally {
    client.end()
  }
}
