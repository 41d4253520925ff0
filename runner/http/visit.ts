import type { RequestBefore, Taken } from '../../domain/plan/write-probe.ts'
import { type Answer, ask, type Question } from './ask.ts'
import { fill, written, writtenIn } from './fill.ts'
import { filledHeaders } from './header-lines.ts'

export interface VisitOptions {
  /** The public address to which paths are appended. */
  readonly url: string
  /** Which of the addresses of its name is asked. */
  readonly address?: string | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** What stands for nothing but itself in a URL: secrets, by the names that stand for them in header lines and bodies. */
  readonly secrets: Readonly<Record<string, string>>
  readonly unique: string
}

/** One request of a visit, `{name}` in its texts not filled in yet. */
export interface Asked {
  readonly method: NonNullable<Question['method']>
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/** Requests of one visitor, one after the other: cookies and what was taken from answers serve the later ones. */
export class Visit {
  private readonly values: Map<string, unknown>
  private readonly cookies = new Map<string, string>()

  constructor(private readonly options: VisitOptions) {
    this.values = new Map<string, unknown>(Object.entries({ unique: options.unique }))
  }

  /**
   * A path with its values filled in, as an address. The values cannot lead it to another server: with an empty one a path may begin with
   * two slashes, and what follows them would be taken for a host.
   */
  urlOf(path: string): string {
    const { origin } = new URL(this.options.url)
    return new URL(`${origin}${fill(path, this.values, encodeURIComponent)}`).href
  }

  /** @throws the error of undici or of the operating system if no answer arrives in time */
  async ask({ method, path, headers = {}, body }: Asked): Promise<Answer> {
    const { address, timeoutMs, signal, secrets } = this.options
    const all = new Map([...this.values, ...Object.entries(secrets)])
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await ask({
      url: this.urlOf(path),
      address,
      method,
      headers: {
        ...(cookie !== '' && { cookie }),
        ...filledHeaders(headers, all),
      },
      body: body === undefined ? undefined : fill(body, all, writtenIn(headers)),
      timeoutMs,
      signal,
    })
    for (const [name, value] of answer.cookies) {
      if (value === undefined) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }

  /** Keeps what an answer has for the requests that follow. Gives the name of what it does not have. */
  take(answer: Answer, wanted: RequestBefore['take'] = {}): string | undefined {
    for (const [name, what] of Object.entries(wanted)) {
      const value = this.taken(answer, what)
      if (value === undefined) return name
      this.values.set(name, value)
    }
    return undefined
  }

  /** Keeps every field of a JSON answer by its name. */
  takeFields({ body }: Answer): void {
    const json = jsonIn(body)
    if (typeof json !== 'object' || json === null) return
    for (const [name, value] of Object.entries(json)) if (name !== 'unique') this.values.set(name, value)
  }

  private taken({ body }: Answer, what: Taken): string | undefined {
    if ('cookie' in what) return this.cookies.get(what.cookie)
    if ('field' in what) return written(fieldAt(jsonIn(body), what.field))
    const from = body.indexOf(what.after)
    const start = from + what.after.length
    const end = body.indexOf(what.until, start)
    return from < 0 || end < 0 ? undefined : body.slice(start, end)
  }
}

function fieldAt(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      json,
    )
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
