import type { TestSshd } from './sshd.ts'

/** How a program in a process of its own logs in to a test's sshd. */
export interface SshLogin {
  readonly address: string
  readonly port: number
  readonly user: string
  readonly hostKey: string
  readonly privateKey: string
}

export function loginOf({ address, port, user, hostKey, privateKey }: TestSshd): SshLogin {
  return { address, port, user, hostKey, privateKey }
}
