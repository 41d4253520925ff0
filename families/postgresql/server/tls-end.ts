import type { TLSSocket } from 'node:tls'
import type pg from 'pg'
import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/**
 * Thrown when a server does not prove that the certificate which was shown is its own: something on the way ends TLS, reads what is asked and
 * could ask for more.
 */
export class TlsEndsEarlyError extends QianyunError {
  override name = 'TlsEndsEarlyError'
  readonly code = 'tls-ends-early'

  constructor(
    readonly place: string,
    readonly user: string,
  ) {
    super(said('tls-ends-early', { place, user }))
  }
}

/** What `pg` calls in a login by SASL; its types hide it. */
interface Binding {
  readonly connection: {
    readonly stream: { destroy(): void }
    emit(event: 'error', error: Error): void
    on(event: 'errorMessage', listener: (refusal: Refused) => void): void
  }
  _handleAuthSASL(message: { readonly mechanisms: readonly string[] }): void
}

interface Refused {
  readonly code?: string | undefined
  /** A name in the server's source, the same in every language. */
  readonly routine?: string | undefined
}

/**
 * Lets a client log in by SCRAM that is bound to the certificate, and by nothing less (as libpq with `channel_binding=require`). A server that
 * was reached without TLS offers none; one that was reached by another TLS connection sees another certificate than its own.
 */
export function demandBinding(client: pg.Client, { place, user }: Record<'place' | 'user', string>): void {
  const asked = client as unknown as Binding
  const refuse = (): void => {
    asked.connection.emit('error', new TlsEndsEarlyError(place, user))
    asked.connection.stream.destroy()
  }
  const ofPg = asked._handleAuthSASL.bind(client)
  asked._handleAuthSASL = (message) => {
    if (message.mechanisms.includes('SCRAM-SHA-256-PLUS')) ofPg(message)
    else refuse()
  }
  // https://github.com/postgres/postgres/blob/REL_18_0/src/backend/libpq/auth-scram.c (read_client_final_message)
  asked.connection.on('errorMessage', ({ code, routine }) => {
    if (code === '28000' && routine === 'read_client_final_message') refuse()
  })
}

/** What this end of a connection speaks, as `pg_stat_ssl` says it of the other end: version and cipher. Undefined without TLS. */
export function tlsHere(client: pg.Client): string | undefined {
  const { stream } = (client as unknown as { connection: { stream: Partial<TLSSocket> } }).connection
  const version = stream.getProtocol?.()
  if (version === undefined || version === null) return undefined
  return `${version} ${stream.getCipher?.().name ?? ''}`
}
