import pg from 'pg'
import { BufferReader } from 'pg-protocol/dist/buffer-reader.js'
import type { WeakLogin } from '../../../domain/host.ts'
import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { demandBinding } from './tls-end.ts'

/** Thrown when a server asks for a password in a way that gives it away, or lets in without proving that it knows it. */
export class WeakLoginError extends QianyunError {
  override name = 'WeakLoginError'
  readonly code = 'weak-login'

  constructor(
    readonly place: string,
    readonly user: string,
    readonly method: WeakLogin['method'],
  ) {
    super(said('weak-login', { place, user, method }))
  }
}

/** How a login proves itself, as a plan says it. */
export interface LoginSafety {
  readonly weakLogin?: WeakLogin | undefined
  readonly tls?: { readonly ca?: string; readonly serverName?: string } | undefined
}

/** Whether a login over TLS can be bound to the certificate: by SCRAM alone. */
export function mayBeBound(weakLogin: WeakLogin | undefined): boolean {
  switch (weakLogin?.method) {
    case 'password':
    case 'md5':
    case 'trust':
    case 'unbound':
      return false
    case 'few-iterations':
    case undefined:
      return true
  }
}

/** PostgreSQL's own default. Fewer make a password quick to guess for who has seen one login. */
const leastIterations = 4096

/** What `pg` reads a message from; its types hide it. */
interface Reading {
  readonly buffer: Buffer
  readonly offset: number
}

/**
 * Ends the reading of a message where its bytes end: an error or a notice that lacks its last byte would else be read on for ever, and
 * nothing of the process would run again.
 */
function boundReading(): void {
  const prototype = BufferReader.prototype
  const read = Object.getOwnPropertyDescriptor(prototype, 'string')?.value as BufferReader['string']
  prototype.string = function (this: BufferReader, length) {
    const { buffer, offset } = this as unknown as Reading
    if (offset + length > buffer.length) throw new RangeError('the message of the server has no end')
    return read.call(this, length)
  }
}
boundReading()

/** What a connection reads from. */
interface Incoming {
  on(event: string, listener: (chunk: Buffer) => void): unknown
  destroy(error: Error): void
}

/**
 * Ends a connection on which a server says what no server says: `pg` would throw it out of the socket's own event, and with it the
 * whole process.
 */
function guardReading({ connection }: Asked): void {
  const attach = connection.attachListeners.bind(connection)
  connection.attachListeners = (stream) => {
    const on = stream.on.bind(stream)
    const guarded = (listener: (chunk: Buffer) => void) => (chunk: Buffer) => {
      try {
        listener(chunk)
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    }
    stream.on = (event, listener) => on(event, event === 'data' ? guarded(listener) : listener)
    attach(stream)
    stream.on = on
  }
}

/** What `pg` calls as a server asks for a password; its types hide it. */
interface Asked {
  readonly connection: {
    readonly stream: { destroy(): void }
    attachListeners(stream: Incoming): void
    emit(event: 'error', error: Error): void
    on(event: 'authenticationOk', listener: () => void): void
  }
  readonly saslSession: unknown
  _handleAuthCleartextPassword(message: unknown): void
  _handleAuthMD5Password(message: unknown): void
  _handleAuthSASLContinue(message: { readonly data: string }): Promise<void>
  _handleAuthSASLFinal(message: unknown): void
}

/**
 * A client that gives its password away to nobody: it logs in by SCRAM, which proves to either side that the other knows the
 * password, unless the plan says why a server cannot. Over TLS where the plan asks for it, the certificate checked, and proven by the login to
 * be the server's own.
 */
export function safeClient(config: pg.ClientConfig, { weakLogin, tls }: LoginSafety = {}): pg.Client {
  const ssl =
    tls === undefined
      ? {}
      : {
          ssl: {
            rejectUnauthorized: true,
            // The name that is looked for in the certificate; without it "localhost" is, where the address is a number.
            ...(config.host === undefined ? {} : { host: config.host }),
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
          },
        }
  const isBound = tls !== undefined && mayBeBound(weakLogin)
  const client = new pg.Client({ ...config, ...ssl, enableChannelBinding: isBound })
  const asked = client as unknown as Asked
  guardReading(asked)
  const place = `${config.host ?? ''}:${String(config.port ?? '')}`
  if (isBound) demandBinding(client, { place, user: String(config.user) })
  const may = (method: WeakLogin['method']): boolean => {
    if (weakLogin?.method === method) return true
    // At once: what came with the server's wish must not count as a login before the stream has ended.
    asked.connection.emit('error', new WeakLoginError(place, String(config.user), method))
    asked.connection.stream.destroy()
    return false
  }
  const ofPg = {
    cleartext: asked._handleAuthCleartextPassword.bind(client),
    md5: asked._handleAuthMD5Password.bind(client),
    saslContinue: asked._handleAuthSASLContinue.bind(client),
    saslFinal: asked._handleAuthSASLFinal.bind(client),
  }
  // What has shown a certificate of the plan is what the plan means; that it is the server, a login proves.
  let isProven = tls !== undefined && !isBound
  asked._handleAuthCleartextPassword = (message) => {
    isProven = may('password')
    if (isProven) ofPg.cleartext(message)
  }
  asked._handleAuthMD5Password = (message) => {
    isProven = may('md5')
    if (isProven) ofPg.md5(message)
  }
  asked._handleAuthSASLContinue = async (message) => {
    const iterations = Number(/,i=(\d+)/.exec(message.data)?.[1] ?? leastIterations)
    if (iterations >= leastIterations || may('few-iterations')) await ofPg.saslContinue(message)
  }
  asked._handleAuthSASLFinal = (message) => {
    ofPg.saslFinal(message)
    // It stays where the server did not know the password itself; the connection fails.
    isProven = asked.saslSession === null
  }
  asked.connection.on('authenticationOk', () => {
    if (!isProven) may('trust')
  })
  return client
}
