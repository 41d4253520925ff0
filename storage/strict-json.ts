/** Why a text is JSON that two readers may read differently. */
export interface NotStrict {
  readonly why: 'not-json' | 'key-twice' | 'lone-surrogate' | 'number' | 'too-deep'
  /** Where, as a path of keys. */
  readonly at: string
}

/** A value as `JSON.parse` reads it, and why others may read it differently. */
export interface StrictJson {
  readonly value: unknown
  readonly problem?: NotStrict
}

/** As an escape, and as such. */
const escaped = /\\u[dD][89a-fA-F]/
const lone = /\p{Surrogate}/u

/**
 * Reads JSON that everybody reads alike: no key stands twice in an object, every number is one that IEEE doubles hold as it is written,
 * and no text has half of a surrogate pair.
 */
export function strictJson(text: string): StrictJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { value: undefined, problem: { why: 'not-json', at: '' } }
  }
  // What comes out as it went in says everything once; most rows were written so.
  if (!escaped.test(text) && !lone.test(text) && JSON.stringify(value) === text) return { value }
  try {
    const problem = new Scanner(text).problem()
    return problem === undefined ? { value } : { value, problem }
  } catch (error) {
    if (error instanceof RangeError) return { value, problem: { why: 'too-deep', at: '' } }
    throw error
  }
}

/** Walks over a text that is known to be JSON. */
class Scanner {
  private at = 0
  private readonly path: string[] = []

  constructor(private readonly text: string) {}

  problem(): NotStrict | undefined {
    this.skipSpace()
    const here = this.text[this.at]
    if (here === '{') return this.ofObject()
    if (here === '[') return this.ofArray()
    if (here === '"') return this.ofText()
    const [token = ''] = /^[^\s,\]}]+/.exec(this.text.slice(this.at, this.at + 400)) ?? []
    this.at += token.length
    const isNumber = /^[-\d]/.test(token)
    return isNumber && !isKeptNumber(token) ? this.found('number') : undefined
  }

  private ofObject(): NotStrict | undefined {
    const keys = new Set<string>()
    return this.ofParts('}', () => {
      const name = this.token()
      const why = lone.test(name) ? 'lone-surrogate' : keys.has(name) ? 'key-twice' : undefined
      keys.add(name)
      this.skipSpace()
      this.at += 1
      return { name, why }
    })
  }

  private ofArray(): NotStrict | undefined {
    let index = 0
    return this.ofParts(']', () => ({ name: String(index++), why: undefined }))
  }

  /** `next` reads up to the value of the next part. */
  private ofParts(
    end: '}' | ']',
    next: () => { readonly name: string; readonly why: NotStrict['why'] | undefined },
  ): NotStrict | undefined {
    this.at += 1
    for (;;) {
      this.skipSpace()
      if (this.text[this.at] === end) break
      const { name, why } = next()
      this.path.push(name)
      const problem = why === undefined ? this.problem() : this.found(why)
      if (problem !== undefined) return problem
      this.path.pop()
      this.skipSpace()
      if (this.text[this.at] === ',') this.at += 1
    }
    this.at += 1
    return undefined
  }

  private ofText(): NotStrict | undefined {
    return lone.test(this.token()) ? this.found('lone-surrogate') : undefined
  }

  /** The text between the quotation marks here. */
  private token(): string {
    const from = this.at
    for (this.at += 1; this.text[this.at] !== '"'; this.at += 1) if (this.text[this.at] === '\\') this.at += 1
    this.at += 1
    return JSON.parse(this.text.slice(from, this.at)) as string
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1
  }

  private found(why: NotStrict['why']): NotStrict {
    return { why, at: this.path.join('.') }
  }
}

/** Whether a number is the one that a double holds: 1.0 and 1e2 are, 9007199254740993 is not. */
function isKeptNumber(token: string): boolean {
  const value = Number(token)
  if (!Number.isFinite(value)) return false
  return digitsOf(token) === digitsOf(String(value))
}

/** A decimal number as its digits without zeros around them, and the power of ten of the last one. */
function digitsOf(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const short = digits.replace(/0+$/, '')
  if (short === '') return '0'
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`
}
