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
  const byPattern: { readonly waiver: Waiver; readonly fits: (name: string) => boolean }[] = []
  for (const waiver of waiverList(waivers)) {
    if (coversByPattern(waiver)) byPattern.push({ waiver, fits: fitting(waiver.pattern) })
    else byName.set(waiver.pattern, [...(byName.get(waiver.pattern) ?? []), waiver])
  }
  return (rule, object) =>
    byName.get(object)?.find((waiver) => isOf(waiver, rule)) ??
    byPattern.find(({ waiver, fits }) => isOf(waiver, rule) && fits(object))?.waiver
}

const anyRule = '*'
const quoted = /"(?:[^"]|"")*"/g

function isList(waivers: Waivers): waivers is readonly Waiver[] {
  return Array.isArray(waivers)
}

function isOf(waiver: Waiver, rule: string): boolean {
  return waiver.rule === anyRule || waiver.rule === rule
}

/**
 * Tells of a name whether a pattern means it. What stands between two stars is looked for once: an expression would look for it again from each place
 * where what stands before it is found, and plans and names of objects are made by different people.
 */
function fitting(pattern: string): (name: string) => boolean {
  const pieces = ['']
  for (const part of pattern.split(/("(?:[^"]|"")*"|\*)/)) {
    if (part === '*') pieces.push('')
    else pieces[pieces.length - 1] = `${pieces.at(-1) ?? ''}${part}`
  }
  const [first = '', ...between] = pieces
  const last = between.pop() ?? ''
  return (name) => {
    let at = first.length
    if (!name.startsWith(first)) return false
    for (const piece of between) {
      const found = name.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at + last.length <= name.length && name.endsWith(last)
  }
}
