import { request as httpRequest, type Dispatcher } from 'undici'
import type { LoadErrorClass } from '../../domain/measurement/load.ts'
import { isNoWayThere } from '../ssh/addresses.ts'
import type { LoadRequest } from './profile.ts'
import type { Outcome } from './tally.ts'

/** Sends one request and reads its answer to the end. Never throws; a failure is an outcome. */
export async function send(
  dispatcher: Dispatcher,
  baseUrl: string,
  kind: LoadRequest,
  unique: string,
  timeoutMs: number,
): Promise<Outcome> {
  try {
    const answer = await httpRequest(baseUrl.replace(/\/$/, '') + kind.path.replaceAll('{unique}', unique), {
      dispatcher,
      method: kind.method,
      headers: {
        ...(kind.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...kind.headers,
      },
      body: kind.body?.replaceAll('{unique}', unique) ?? null,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await answer.body.text()
    const status = answer.statusCode
    const goodStatus =
      kind.status === undefined ? status >= 200 && status < 400 : kind.status.includes(status)
    if (!goodStatus) return { served: false, reason: 'wrong-status', status }
    if (kind.contains !== undefined && !body.includes(kind.contains)) {
      return { served: false, reason: 'wrong-body', status }
    }
    return { served: true, status }
  } catch (error) {
    return { served: false, reason: errorClassOf(error), ...(isNoWayThere(error) && { noWayThere: true }) }
  }
}

const noConnection = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']
const gaveUp = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']

/** Classifies errors of undici and of the operating system by name and code. */
function errorClassOf(error: unknown): LoadErrorClass {
  if (typeof error !== 'object' || error === null) return 'reset'
  const name = 'name' in error ? error.name : undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (name === 'TimeoutError' || name === 'AbortError' || gaveUp.includes(code)) return 'timeout'
  return code === 'UND_ERR_CONNECT_TIMEOUT' || noConnection.includes(code) ? 'connect' : 'reset'
}
