import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError, saidBy } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { WriteProbe } from '../../domain/plan/write-probe.ts'
import { isNoWayThere } from '../ssh/addresses.ts'
import { ask, type Answer } from './ask.ts'
import { addressesOfUrl, atAddress } from './each-address.ts'

/** A write through an application's public address that can be read back. */
export interface PublicWrite extends WriteProbe {
  /** The public address to which the paths are appended. */
  readonly url: string
  readonly timeoutMs: number
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
    readonly finding: Said,
    cause?: unknown,
  ) {
    super(
      said('write-probe-failed', {
        url,
        what: said(acknowledged ? 'write-not-read-back' : 'write-not-taken', { finding }),
      }),
      { cause },
    )
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

async function writeAt(probe: PublicWrite, address?: string): Promise<WriteProbeResult> {
  const unique = `qy-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`
  const { timeoutMs, signal } = probe
  const writeUrl = new URL(fill(probe.path, { unique }), probe.url).href
  const startMs = performance.now()
  const body = fill(probe.body, { unique })
  const written = await answerOf({ url: writeUrl, address, method: 'POST', body, timeoutMs, signal }, false)
  const writtenMs = performance.now()
  // An answer must not lead the read to another server.
  const readPath = fill(probe.readPath, { ...fieldsOf(written), unique }, encodeURIComponent)
  const readUrl = new URL(readPath, probe.url).href
  const read = await answerOf({ url: readUrl, address, timeoutMs, signal }, true)
  const wanted = fill(probe.contains ?? '{unique}', { unique })
  if (!read.body.includes(wanted)) {
    throw new WriteProbeFailedError(
      readUrl,
      true,
      atAddress(address, said('http-body-lacks', { text: wanted })),
    )
  }
  return {
    unique,
    status: written.status,
    writeMs: Math.round(writtenMs - startMs),
    readMs: Math.round(performance.now() - writtenMs),
  }
}

async function answerOf(question: Parameters<typeof ask>[0], acknowledged: boolean): Promise<Answer> {
  try {
    const answer = await ask(question)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw new WriteProbeFailedError(
      question.url,
      acknowledged,
      atAddress(question.address, said('http-status-2xx', { status: answer.status })),
    )
  } catch (error) {
    if (error instanceof WriteProbeFailedError) throw error
    question.signal?.throwIfAborted()
    throw new WriteProbeFailedError(
      question.url,
      acknowledged,
      atAddress(question.address, saidBy(error)),
      error,
    )
  }
}

/** Replaces `{name}` by the value of that name; an unknown name stays. */
function fill(
  template: string,
  values: Readonly<Record<string, unknown>>,
  written: (value: string) => string = (value) => value,
): string {
  return template.replaceAll(/\{([A-Za-z][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
    const value = values[name]
    return typeof value === 'string' || typeof value === 'number' ? written(String(value)) : whole
  })
}

function fieldsOf(answer: Answer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(answer.body)
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return {}
  }
}
