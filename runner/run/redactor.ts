import { secretForms } from './secret-forms.ts'

const shortestHidden = 4

/** Removes the values of the secrets that a run has read from everything that leaves the run. */
export class Redactor {
  private readonly hidden = new Map<string, string>()
  /** Longest first: a secret that is part of another must not leave the rest of that one visible. */
  private longestFirst: readonly (readonly [form: string, shown: string])[] = []

  /** Replaces `value` by the secret's name from here on, in every form that it may come back in. */
  learn(name: string, value: string): void {
    for (const form of secretForms(value)) {
      if (form.length >= shortestHidden) this.hidden.set(form, `[secret ${name}]`)
    }
    this.longestFirst = [...this.hidden].sort(([a], [b]) => b.length - a.length)
  }

  text(text: string): string {
    let clean = text
    for (const [value, shown] of this.longestFirst) clean = clean.replaceAll(value, shown)
    return clean
  }

  json<T>(value: T): T {
    return this.hidden.size === 0 ? value : (this.deep(value) as T)
  }

  private deep(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') {
      const clean = this.text(String(value))
      return clean === String(value) ? value : clean
    }
    if (Array.isArray(value)) return value.map((inner) => this.deep(inner))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [this.text(key), this.deep(inner)]),
      )
    }
    return value
  }
}
