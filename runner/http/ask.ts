import { request } from 'undici'

export interface Question {
  readonly url: string
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
}

const maxBodyBytes = 1024 * 1024

/**
 * Sends one request over a connection of its own, and reads the answer to the end. Redirects are not followed.
 * @throws the error of undici or of the operating system if no answer arrives in time
 */
export async function ask(question: Question): Promise<Answer> {
  const timeout = AbortSignal.timeout(question.timeoutMs)
  const answer = await request(question.url, {
    method: question.method ?? 'GET',
    headers: {
      connection: 'close',
      ...(question.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
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
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}
