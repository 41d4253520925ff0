/** Findings let pass in a plan, with the reason a person gave: those of one rule whose object fits the pattern. */
export interface Waiver {
  /** The rule's name, which is the code of its findings; `*` is every rule that lets itself be waived. */
  readonly rule: string
  /** The object's name, quoted as SQL quotes it; a `*` outside quotes is any run of characters (`archive.*`). */
  readonly pattern: string
  readonly reason: string
}

/** As a plan has them: a list, or the name of an object → the reason, whichever rule finds it. */
export type Waivers = readonly Waiver[] | Readonly<Record<string, string>>

/** Gives the waiver that covers what a rule finds of an object; a waiver of the very name goes before a pattern. */
export type WaiverFor = (rule: string, object: string) => Waiver | undefined

/** The waivers one by one. */
export function waiverList(waivers: Waivers): readonly Waiver[] {
  if (isList(waivers)) return waivers
  return Object.entries(waivers).map(([pattern, reason]) => ({ rule: anyRule, pattern, reason }))
}

/** Whether a waiver covers whatever fits it, and not one object by its name. */
export function coversByPattern({ pattern }: Pick<Waiver, 'pattern'>): boolean {
  return pattern.replace(quoted, '').includes('*')
}

/** Makes ready to be asked about many objects. */
export function waiverFor(waivers: Waivers): WaiverFor {
  const byName = new Map<string, Waiver[]>()
  const byPattern: { readonly waiver: Waiver; readonly fits: RegExp }[] = []
  for (const waiver of waiverList(waivers)) {
    if (coversByPattern(waiver)) byPattern.push({ waiver, fits: expression(waiver.pattern) })
    else byName.set(waiver.pattern, [...(byName.get(waiver.pattern) ?? []), waiver])
  }
  return (rule, object) =>
    byName.get(object)?.find((waiver) => isOf(waiver, rule)) ??
    byPattern.find(({ waiver, fits }) => isOf(waiver, rule) && fits.test(object))?.waiver
}

const anyRule = '*'
const quoted = /"(?:[^"]|"")*"/g

function isList(waivers: Waivers): waivers is readonly Waiver[] {
  return Array.isArray(waivers)
}

function isOf(waiver: Waiver, rule: string): boolean {
  return waiver.rule === anyRule || waiver.rule === rule
}

function expression(pattern: string): RegExp {
  const parts = pattern.split(/("(?:[^"]|"")*"|\*)/)
  const text = parts.map((part) => (part === '*' ? '.*' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
  return new RegExp(`^${text.join('')}$`, 's')
}
