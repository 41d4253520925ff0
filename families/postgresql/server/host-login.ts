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

/** Whose login it is, and how. */
export interface HostLogin {
  readonly user: string
  readonly password: string
  readonly tls: TlsMode
  /** What the session is called, and how long it may take to begin. */
  readonly session?: { readonly application_name: string; readonly connectionTimeoutMillis: number }
}

/** A session with a server, of a program on a host. */
export interface HostSession {
  readonly client: pg.Client
  readonly leave: () => Promise<void>
}

/**
 * Logs in to a server from a host, as the programs of that host would: its pg_hba.conf sees the host's address. Gives the
 * refusal, `'in'` when there was none, and `'no-program'` when the host has nothing to connect with.
 * @throws when the server cannot be reached from there
 */
export async function loginFrom(
  host: HostPort,
  place: LoginPlace,
  login: HostLogin,
): Promise<Refusal | 'in' | 'no-program'> {
  const answer = await enterFrom(host, place, login)
  if (typeof answer === 'string' || !('client' in answer)) return answer
  void answer.leave()
  return 'in'
}

/** The same, and the session stays until it is left. @throws when the server cannot be reached from there */
export async function enterFrom(
  host: HostPort,
  place: LoginPlace,
  login: HostLogin,
): Promise<HostSession | Refusal | 'no-program'> {
  const answer = await attempt(host, place, { ...login, isTls: login.tls !== 'plain' })
  if (answer !== 'no-tls') return answer
  const plain = login.tls === 'preferred' ? await attempt(host, place, { ...login, isTls: false }) : answer
  return plain === 'no-tls' ? { code: '08000', routine: '', message: 'the server does not speak TLS' } : plain
}

const loginCheck = { application_name: 'qianyun-login-check', connectionTimeoutMillis: connectTimeoutMs }

async function attempt(
  host: HostPort,
  { address, port, database, weakLogin }: LoginPlace,
  { user, password, isTls, session = loginCheck }: HostLogin & { readonly isTls: boolean },
): Promise<HostSession | Refusal | 'no-program' | 'no-tls'> {
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
      ...session,
      ...(isTls && { ssl: { rejectUnauthorized: false } }),
    },
    { weakLogin },
  )
  const gone = relay.ended.then((code) => {
    throw new RelayEndedError(code, said.trim())
  })
  gone.catch(() => undefined)
  const leave = async () => {
    void client.end().catch(() => undefined)
    relay.stdin.end()
    void relay.kill().catch(() => undefined)
  }
  try {
    client.on('error', () => undefined)
    await Promise.race([client.connect(), gone])
    return { client, leave }
  } catch (error) {
    await leave()
    if (error instanceof RelayEndedError && error.code === noProgram) return 'no-program'
    if (error instanceof Error && error.message.includes('does not support SSL')) return 'no-tls'
    if (!(error instanceof pg.DatabaseError)) throw error
    return { code: error.code ?? '', routine: error.routine ?? '', message: error.message }
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
