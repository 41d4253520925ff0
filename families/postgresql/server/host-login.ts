import { Duplex } from 'node:stream'
import pg from 'pg'
import { quote } from '../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { LoginPlace } from '../database.ts'
import { safeClient } from './client.ts'

/** What a server answered to a login it did not take. */
export interface Refusal {
  readonly code: string
  /** Which part of the server refused, in the words of its source: the same in every language. */
  readonly routine: string
  readonly message: string
}

/** Who is to blame for a refusal: our fence, the server's pg_hba.conf, the password, or something else. */
export type RefusedBy = 'fence' | 'host-based' | 'password' | 'other'

/** A refusal by the fence comes after the password was taken: it proves everything before it. */
export function refusedBy({ code, routine }: Refusal): RefusedBy {
  if (code === '42501') return 'fence'
  if (code === '28000') return routine === 'InitializeSessionUserId' ? 'fence' : 'host-based'
  return code === '28P01' ? 'password' : 'other'
}

/** How the pooler speaks to its servers (`server_tls_sslmode`), as far as pg_hba.conf tells it apart. */
export type TlsMode = 'plain' | 'preferred' | 'required'

const connectTimeoutMs = 12_000
const noProgram = 72
const unreached = 71

/** Connects to a server from the host it runs on, by whatever that host has. */
const relayScript = (address: string, port: number): string => `host=${quote(address)} port=${String(port)}
if command -v bash >/dev/null 2>&1; then
  exec bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit ${unreached}; cat <&3 & cat >&3; wait' "$host" "$port"
elif command -v nc >/dev/null 2>&1; then exec nc "$host" "$port"
elif command -v socat >/dev/null 2>&1; then exec socat - "TCP:$host:$port"
fi
exit ${noProgram}
`

/**
 * Logs in to a server from a host, as the programs of that host would: its pg_hba.conf sees the host's address. Gives the
 * refusal, `'in'` when there was none, and `'no-program'` when the host has nothing to connect with.
 * @throws when the server cannot be reached from there
 */
export async function loginFrom(
  host: HostPort,
  place: LoginPlace,
  { user, password, tls }: { readonly user: string; readonly password: string; readonly tls: TlsMode },
): Promise<Refusal | 'in' | 'no-program'> {
  const result = await attempt(host, place, { user, password, isTls: tls !== 'plain' })
  if (result === 'no-tls' && tls === 'preferred')
    return (await attempt(host, place, { user, password, isTls: false })) as Refusal | 'in' | 'no-program'
  return result === 'no-tls'
    ? { code: '08000', routine: '', message: 'the server does not speak TLS' }
    : result
}

async function attempt(
  host: HostPort,
  { address, port, database, weakLogin }: LoginPlace,
  { user, password, isTls }: { readonly user: string; readonly password: string; readonly isTls: boolean },
): Promise<Refusal | 'in' | 'no-program' | 'no-tls'> {
  const relay = await host.start(relayScript(address, port))
  let said = ''
  relay.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-500)))
  relay.stdin.on('error', () => undefined)
  const client = safeClient(
    {
      stream: () => asSocket(Duplex.from({ readable: relay.stdout, writable: relay.stdin })),
      host: address,
      port,
      database,
      user,
      password,
      application_name: 'qianyun-login-check',
      connectionTimeoutMillis: connectTimeoutMs,
      ...(isTls && { ssl: { rejectUnauthorized: false } }),
    },
    { weakLogin },
  )
  const gone = relay.ended.then((code) => {
    throw new RelayEndedError(code, said.trim())
  })
  gone.catch(() => undefined)
  try {
    client.on('error', () => undefined)
    await Promise.race([client.connect(), gone])
    return 'in'
  } catch (error) {
    if (error instanceof RelayEndedError && error.code === noProgram) return 'no-program'
    if (error instanceof Error && error.message.includes('does not support SSL')) return 'no-tls'
    if (!(error instanceof pg.DatabaseError)) throw error
    return { code: error.code ?? '', routine: error.routine ?? '', message: error.message }
  } finally {
    void client.end().catch(() => undefined)
    relay.stdin.end()
    void relay.kill().catch(() => undefined)
  }
}

/** The relay on the host ended before the server had answered. */
class RelayEndedError extends Error {
  constructor(
    readonly code: number,
    said: string,
  ) {
    super(
      code === unreached && said !== ''
        ? said
        : `the connection from the host ended with exit code ${String(code)}`,
    )
  }
}

/** What the client asks of a socket, of a stream that is connected already. */
function asSocket(stream: Duplex): Duplex {
  stream.on('error', () => undefined)
  return Object.assign(stream, {
    connect: () => {
      process.nextTick(() => stream.emit('connect'))
      return stream
    },
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  })
}
