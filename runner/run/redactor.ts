import { secretForms } from './secret-forms.ts'

const shortestHidden = 4
/** Where a text was cut. */
const cut = '…'

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
    return clean.includes(cut) && this.hidden.size > 0
      ? clean.split(cut).map(this.beforeCut).join(cut)
      : clean
  }

  /** Long texts are cut before they come here: what is left of a secret stands at the cut. */
  private readonly beforeCut = (text: string, at: number, parts: readonly string[]): string => {
    if (at === parts.length - 1) return text
    let [longest, name] = [0, '']
    for (const [value, shown] of this.longestFirst)
      for (let length = Math.min(value.length - 1, text.length); length >= shortestHidden; length -= 1)
        if (length > longest && text.endsWith(value.slice(0, length))) [longest, name] = [length, shown]
    return longest === 0 ? text : text.slice(0, -longest) + name
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
