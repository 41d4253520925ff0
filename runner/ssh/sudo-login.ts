import type { Client } from 'ssh2'
import { capture } from './capture.ts'
import type { SshTarget } from './connection.ts'
import { CommandFailedError, SudoPasswordRefusedError } from './errors.ts'
import { Session } from './session.ts'

const checkMs = 30_000

/** The password that a host's sudo asks for. It is tried once for each connection, because wrong ones lock accounts. */
export class SudoLogin {
  private proven = new WeakMap<Client, { readonly password: string; readonly proof: Promise<void> }>()

  constructor(private readonly target: SshTarget) {}

  /** Undefined where sudo asks for none. @throws SudoPasswordRefusedError, and what reading the secret throws */
  async password(client: Client): Promise<string | undefined> {
    const password = await this.target.sudoPassword?.()
    if (password === undefined) return undefined
    let known = this.proven.get(client)
    if (known?.password !== password) {
      known = { password, proof: this.prove(client, password) }
      // A failure that nobody waits for yet must not end the process.
      known.proof.catch(() => undefined)
      this.proven.set(client, known)
    }
    await known.proof
    return password
  }

  /** One line of input is one try: sudo finds no second one. */
  private async prove(client: Client, password: string): Promise<void> {
    const { name, user } = this.target
    const script = `sudo -k -S -p '' -v`
    try {
      const session = await Session.start(client, name, { script, framing: 'whole' })
      await capture(session, name, script, { stdin: `${password}\n`, timeoutMs: checkMs })
    } catch (error) {
      if (error instanceof CommandFailedError)
        throw new SudoPasswordRefusedError(name, user, error.stderr.trim())
      this.proven.delete(client)
      throw error
    }
  }
}
