/** How an outline calls fields, and how it says a value; undefined where the value is said as it is. */
export interface OutlineWords {
  readonly field: (name: string) => string
  /** `of`: the field whose value, or whose entry, holds the field. */
  readonly value: (name: string, value: unknown, of: string) => string | undefined
}

const asItIs: OutlineWords = { field: (name) => name, value: () => undefined }

/** JSON as indented `name: value` lines, for people who have to read a whole document. `of`: the field it is the value of. */
export function outline(value: unknown, indent = 0, words = asItIs, of = ''): string[] {
  const space = '  '.repeat(indent)
  if (!isContainer(value)) return [`${space}${words.value(of, value, '') ?? scalar(value)}`]
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([name, each]: [string, unknown]) => {
    const label = isList ? '-' : `${words.field(name)}:`
    const said = words.value(isList ? of : name, each, of)
    if (said !== undefined || !isContainer(each)) return [`${space}${label} ${said ?? scalar(each)}`]
    const lines = outline(each, indent + 1, words, isList ? of : name)
    // The first line of an entry stands beside its dash.
    return isList
      ? [`${space}- ${lines[0]?.trimStart() ?? ''}`, ...lines.slice(1)]
      : [`${space}${label}`, ...lines]
  })
}

function isContainer(value: unknown): value is object {
  return value !== null && typeof value === 'object' && Object.keys(value).length > 0
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  return JSON.stringify(value)
}
