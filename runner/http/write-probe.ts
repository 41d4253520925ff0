import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError, saidBy } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { RequestBefore, WriteProbe } from '../../domain/plan/write-probe.ts'
import { isNoWayThere } from '../ssh/addresses.ts'
import type { Answer } from './ask.ts'
import { addressesOfUrl, atAddress } from './each-address.ts'
import { fill } from './fill.ts'
import { filledHeaders } from './header-lines.ts'
import { type Asked, Visit } from './visit.ts'

/** A write through an application's public address that can be read back. */
export interface PublicWrite extends WriteProbe {
  /** The public address to which the paths are appended. */
  readonly url: string
  readonly timeoutMs: number
  /** The value of a secret of the probe, if it has any. */
  readonly readSecret?: (secret: string) => Promise<string>
  readonly signal?: AbortSignal | undefined
}

export interface WriteProbeResult {
  readonly unique: string
  readonly status: number
  readonly writeMs: number
  readonly readMs: number
}

/** Thrown when the public write fails. `acknowledged` says whether the application acknowledged the write. */
export class WriteProbeFailedError extends QianyunError {
  override name = 'WriteProbeFailedError'
  readonly code = 'write-probe-failed'

  constructor(
    readonly url: string,
    readonly acknowledged: boolean,
    readonly what: Said,
    cause?: unknown,
  ) {
    super(said('write-probe-failed', { url, what }), { cause })
  }
}

/**
 * Repeats the write until it succeeds or the time is over, because a proxy that is being reloaded is no reason to roll back.
 * @throws WriteProbeFailedError the last one, if no write succeeds in time
 */
export async function proveWrites(
  probe: PublicWrite,
  { withinMs, everyMs }: { readonly withinMs: number; readonly everyMs: number },
): Promise<WriteProbeResult> {
  const giveUpAtMs = Date.now() + withinMs
  for (;;) {
    try {
      return await writeProbe(probe)
    } catch (error) {
      if (!(error instanceof WriteProbeFailedError) || Date.now() + everyMs > giveUpAtMs) throw error
      await sleep(everyMs, undefined, { signal: probe.signal })
    }
  }
}

/**
 * Writes once through the public address, then reads it back: at each address that its name leads to, one after the other. The result is
 * that of the first.
 * @throws WriteProbeFailedError
 */
export async function writeProbe(probe: PublicWrite): Promise<WriteProbeResult> {
  const addresses = await addressesOfUrl(probe.url)
  if (addresses.length <= 1) return writeAt(probe)
  const results: WriteProbeResult[] = []
  let noWay: WriteProbeFailedError | undefined
  for (const address of addresses) {
    try {
      results.push(await writeAt(probe, address))
    } catch (error) {
      if (!(error instanceof WriteProbeFailedError) || !isNoWayThere(error.cause)) throw error
      noWay = error
    }
  }
  const [first] = results
  if (first === undefined) throw noWay ?? new Error('no address was asked')
  return first
}

/**
 * Makes the requests that come before the write, and writes nothing: whether the probe will be let in.
 * @throws WriteProbeFailedError; HeaderNotSendableError; whatever the reader of secrets throws
 */
export async function prepareWrite(probe: PublicWrite): Promise<void> {
  const addresses = await addressesOfUrl(probe.url)
  const places = addresses.length > 1 ? addresses : [undefined]
  const outcomes = await Promise.allSettled(
    places.map(async (address) => prepared(probe, uniqueText(), address)),
  )
  const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  const found = failed.find((error) => !(error instanceof WriteProbeFailedError && isNoWayThere(error.cause)))
  if (found !== undefined || failed.length === outcomes.length) throw (found ?? failed[0]) as Error
}

const uniqueText = (): string => `qy-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`

async function prepared(probe: PublicWrite, unique: string, address: string | undefined): Promise<Visit> {
  const { url, timeoutMs, signal, readSecret } = probe
  const secrets = await readAll(probe.secrets ?? {}, readSecret)
  // Before any request is sent: the one that writes comes when the sides have switched.
  for (const { headers = {} } of [probe, ...(probe.before ?? [])])
    filledHeaders(headers, new Map(Object.entries(secrets)))
  const visit = new Visit({ url, address, timeoutMs, signal, secrets, unique })
  for (const request of probe.before ?? []) await askBefore(probe, visit, request, address)
  return visit
}

async function writeAt(probe: PublicWrite, address?: string): Promise<WriteProbeResult> {
  const unique = uniqueText()
  const { headers } = probe
  const visit = await prepared(probe, unique, address)
  const startMs = performance.now()
  const { method = 'POST', path, body } = probe
  const written = await answerOf(
    probe,
    visit,
    { method, path, headers, body },
    { address, acknowledged: false },
  )
  const writtenMs = performance.now()
  visit.takeFields(written)
  const readsAs = { method: 'GET', path: probe.readPath, headers: withoutBody(headers) } as const
  const read = await answerOf(probe, visit, readsAs, { address, acknowledged: true })
  const wanted = fill(probe.contains ?? '{unique}', new Map([['unique', unique]]))
  if (!read.body.includes(wanted)) {
    throw new WriteProbeFailedError(
      visit.urlOf(probe.readPath),
      true,
      said('write-not-read-back', { finding: atAddress(address, said('http-body-lacks', { text: wanted })) }),
    )
  }
  return {
    unique,
    status: written.status,
    writeMs: Math.round(writtenMs - startMs),
    readMs: Math.round(performance.now() - writtenMs),
  }
}

async function readAll(
  secrets: Readonly<Record<string, string>>,
  readSecret: PublicWrite['readSecret'],
): Promise<Readonly<Record<string, string>>> {
  const read = Object.entries(secrets).map(async ([name, secret]) => {
    if (readSecret === undefined)
      throw new TypeError(`Nobody reads the secret "${secret}" of the write probe.`)
    return [name, await readSecret(secret)] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

/** A request without a body has no type of one. */
function withoutBody(headers: PublicWrite['headers'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
}

/** Signs in, or fetches what a form carries. A sign-in is often answered by a redirect. @throws WriteProbeFailedError */
async function askBefore(
  probe: PublicWrite,
  visit: Visit,
  { path, headers, body, take, method = body === undefined ? 'GET' : 'POST' }: RequestBefore,
  address: string | undefined,
): Promise<void> {
  const failed = (finding: Said, cause?: unknown) =>
    new WriteProbeFailedError(
      probe.url,
      false,
      said('write-not-prepared', { method, path, finding: atAddress(address, finding) }),
      cause,
    )
  const answer = await visit.ask({ method, path, headers, body }).catch((error: unknown) => {
    probe.signal?.throwIfAborted()
    throw failed(saidBy(error), error)
  })
  if (answer.status < 200 || answer.status > 399)
    throw failed(said('http-status-signed-in', { status: answer.status }))
  const lacking = visit.take(answer, take)
  if (lacking !== undefined) throw failed(said('http-lacks-value', { name: lacking }))
}

async function answerOf(
  probe: PublicWrite,
  visit: Visit,
  asked: Asked,
  { address, acknowledged }: { readonly address: string | undefined; readonly acknowledged: boolean },
): Promise<Answer> {
  const failed = (finding: Said, cause?: unknown) =>
    new WriteProbeFailedError(
      visit.urlOf(asked.path),
      acknowledged,
      said(acknowledged ? 'write-not-read-back' : 'write-not-taken', {
        finding: atAddress(address, finding),
      }),
      cause,
    )
  const answer = await visit.ask(asked).catch((error: unknown) => {
    probe.signal?.throwIfAborted()
    throw failed(saidBy(error), error)
  })
  if (answer.status >= 200 && answer.status < 300) return answer
  throw failed(said('http-status-2xx', { status: answer.status }))
}
