import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { NodeSSH, SSHError } from 'node-ssh'
import ssh2, { type Client } from 'ssh2'
import { QianyunError } from '../../domain/errors.ts'
import {
  ConnectTimeoutError,
  HandshakeFailedError,
  HostKeyNotPinnedError,
  HostUnreachableError,
  LoginRefusedError,
  UnusablePrivateKeyError,
  WrongHostKeyError,
} from './errors.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'

/** A host as SSH needs it. */
export interface SshTarget {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  /** The pinned fingerprint, `SHA256:…`; required before any connection. */
  readonly hostKey: string | undefined
  readonly serviceDir?: string | undefined
  /** Whose key it is: a connection opened for one plan is no other plan's. */
  readonly identity?: string
  /** The jump host that it is reached through. */
  readonly via?: SshTarget
  /** The login user's password for sudo; absent where sudo asks for none. */
  sudoPassword?(): Promise<string>
  /** OpenSSH private key, read when a connection is made. */
  privateKey(): Promise<string>
}

const handshakeTimeoutMs = 15_000

/** What carries a connection to a host: a socket, or a channel through a jump host. */
type Carrier = () => Promise<Duplex>

/**
 * Opens one SSH connection and checks the host key against the pinned one. Without a carrier it opens its own socket.
 * @throws HostKeyNotPinnedError, WrongHostKeyError, HostUnreachableError, ConnectTimeoutError, LoginRefusedError,
 * UnusablePrivateKeyError, HandshakeFailedError
 */
export async function connectHost(
  target: SshTarget,
  {
    timeoutMs = handshakeTimeoutMs,
    carrier,
  }: { readonly timeoutMs?: number; readonly carrier?: Carrier } = {},
): Promise<Client> {
  const { name, address, port, user, hostKey } = target
  if (hostKey === undefined) throw new HostKeyNotPinnedError(name, address)
  const privateKey = await target.privateKey()
  if (ssh2.utils.parseKey(privateKey) instanceof Error) throw new UnusablePrivateKeyError(name)
  return handshake({ name, address, port, timeoutMs, user, privateKey, carrier }, (shown) =>
    shown === hostKey ? undefined : new WrongHostKeyError(name, address, hostKey, shown),
  )
}

/**
 * Returns the fingerprint of the host key that a server presents, for a person to compare before it is pinned. Does not log in.
 * @throws HostUnreachableError, ConnectTimeoutError, HandshakeFailedError
 */
export async function scanHostKey(address: string, port: number, carrier?: Carrier): Promise<string> {
  const name = address
  try {
    // Only the key is read; the connection is always refused.
    const client = await handshake(
      { name, address, port, timeoutMs: handshakeTimeoutMs, user: 'nobody', carrier },
      (shown) => new KeySeen(shown),
    )
    client.end()
  } catch (error) {
    if (error instanceof KeySeen) return error.fingerprint
    throw error
  }
  throw new HandshakeFailedError(name, address, port, said('cause-no-host-key'))
}

class KeySeen extends Error {
  constructor(readonly fingerprint: string) {
    super(fingerprint)
  }
}

/** The fingerprint of a raw public host key, as `ssh-keygen -lf` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

interface Handshake {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly timeoutMs: number
  readonly user: string
  readonly privateKey?: string
  readonly carrier: Carrier | undefined
}

// Nagle's algorithm is off: with it every command waits 40 ms for an acknowledgement.
const ownSocket = async ({ address, port }: Handshake): Promise<Duplex> =>
  Promise.resolve(connect({ host: address, port, noDelay: true }))

async function handshake(to: Handshake, refuse: (shown: string) => Error | undefined): Promise<Client> {
  const { name, address, port, timeoutMs } = to
  const socket = await (to.carrier?.() ?? ownSocket(to))
  let refusal: Error | undefined
  const ssh = new NodeSSH()
  const opening = ssh.connect({
    sock: socket,
    username: to.user,
    ...(to.privateKey === undefined ? {} : { privateKey: to.privateKey }),
    authHandler: to.privateKey === undefined ? ['none'] : ['publickey'],
    readyTimeout: 0,
    keepaliveInterval: 10_000,
    keepaliveCountMax: 3,
    hostVerifier: (key: Buffer) => {
      refusal = refuse(fingerprint(key))
      return refusal === undefined
    },
  })
  // At `ready` node-ssh removes its own listener, and at the end it drops the client: from here both are handled in this file.
  const client = ssh.connection
  client?.on('error', ignoreLateError)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ConnectTimeoutError(name, address, port, timeoutMs)), timeoutMs)
  })
  try {
    await Promise.race([opening, late])
    if (client === null) throw new HandshakeFailedError(name, address, port, said('cause-no-connection'))
    client.setNoDelay(true)
    client.setMaxListeners(64)
    return client
  } catch (error) {
    opening.catch(ignoreLateError)
    socket.on('error', ignoreLateError)
    client?.destroy()
    socket.destroy()
    throw refusal ?? (error instanceof QianyunError ? error : explain(to, error as Error))
  } finally {
    clearTimeout(timer)
  }
}

/** A user of the connection learns of its loss by `close`; an `error` without a listener would end the process. */
function ignoreLateError(): void {
  return undefined
}

function explain({ name, address, port, user }: Handshake, error: Error): QianyunError {
  // node-ssh reports "ETIMEDOUT" for every connection that closes before it is ready.
  if (error instanceof SSHError) {
    return new HandshakeFailedError(name, address, port, said('cause-connection-closed'))
  }
  const { level, code } = error as { level?: string; code?: unknown }
  if (level === 'client-authentication') return new LoginRefusedError(name, address, user)
  if (level === 'client-socket' || typeof code === 'string') {
    return new HostUnreachableError(
      name,
      address,
      port,
      inForeignWords(typeof code === 'string' ? code : error.message),
    )
  }
  return new HandshakeFailedError(name, address, port, inForeignWords(error.message))
}
