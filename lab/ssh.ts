import { Client } from 'ssh2'
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

/** Runs a shell command on a host of the lab over SSH, its host key compared with the one described. */
export function runOn(lab: Lab, name: HostName, command: string, login: Login = {}): Promise<Ran> {
  const { address, sshPort, user, hostKeyFingerprint } = lab.description.hosts[name]
  const expected = Buffer.from(hostKeyFingerprint.slice('SHA256:'.length), 'base64').toString('hex')
  return new Promise((resolve, reject) => {
    const client = new Client()
    client.on('error', reject)
    client.on('ready', () => {
      run(client, command).then(resolve, reject)
    })
    client.connect({
      host: address,
      port: sshPort,
      username: login.user ?? user,
      privateKey: login.privateKey ?? lab.secret(lab.description.sshKeySecret),
      hostHash: 'sha256',
      hostVerifier: (hash: string) => hash === expected,
    })
  })
}

function run(client: Client, command: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) {
        reject(error)
        return
      }
      let stdout = ''
      let stderr = ''
      let exitCode = -1
      channel.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
      channel.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
      channel.on('exit', (code: number | null) => (exitCode = code ?? -1))
      channel.on('close', () => {
        client.end()
        resolve({ exitCode, stdout, stderr })
      })
    })
  })
}
