import { isIP } from 'node:net'
import { Agent, parseCookie, request } from 'undici'
import { leadingTo } from './each-address.ts'

export interface Question {
  readonly url: string
  /** Which of the addresses of the name is asked; default: the one that a connection comes to. */
  readonly address?: string | undefined
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** At most 1 MiB; the rest is read and dropped. */
  readonly body: string
  /** The cookies it sets, by name; undefined for one that it takes away. */
  readonly cookies: ReadonlyMap<string, string | undefined>
}

/** A header line under two spellings would be sent twice. */
const lowerCased = (headers: Question['headers'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const maxBodyBytes = 1024 * 1024

/**
 * Sends one request over a connection of its own, and reads the answer to the end. Redirects are not followed.
 * @throws the error of undici or of the operating system if no answer arrives in time
 */
export async function ask(question: Question): Promise<Answer> {
  const { address } = question
  if (address === undefined || isIP(address) === 0) return answerTo(question)
  const agent = new Agent({ connect: { lookup: leadingTo(address), timeout: question.timeoutMs } })
  try {
    return await answerTo(question, agent)
  } finally {
    await agent.destroy()
  }
}

async function answerTo(question: Question, dispatcher?: Agent): Promise<Answer> {
  const timeout = AbortSignal.timeout(question.timeoutMs)
  const answer = await request(question.url, {
    ...(dispatcher !== undefined && { dispatcher }),
    method: question.method ?? 'GET',
    headers: {
      connection: 'close',
      ...(question.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...lowerCased(question.headers),
    },
    body: question.body ?? null,
    signal: question.signal === undefined ? timeout : AbortSignal.any([timeout, question.signal]),
  })
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of answer.body) {
    const bytes = Buffer.from(chunk as Uint8Array)
    if (sizeBytes < maxBodyBytes) chunks.push(bytes.subarray(0, maxBodyBytes - sizeBytes))
    sizeBytes += bytes.length
  }
  // Named here once more: a timeout that only AbortSignal.any knows may be collected unfired (nodejs/node#57736).
  timeout.throwIfAborted()
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
    cookies: cookiesOf([answer.headers['set-cookie'] ?? []].flat()),
  }
}

function cookiesOf(lines: readonly string[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    lines.flatMap((line) => {
      const cookie = parseCookie(line)
      if (cookie === null) return []
      const { name, value, maxAge, expires } = cookie
      const isOver = maxAge === undefined ? Number(expires) <= Date.now() : maxAge <= 0
      return [[name, isOver ? undefined : value]]
    }),
  )
}
