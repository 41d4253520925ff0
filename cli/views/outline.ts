/** JSON as indented `name: value` lines, for people who have to read a whole document. */
export function outline(value: unknown, indent = 0): string[] {
  const space = '  '.repeat(indent)
  if (!isContainer(value)) return [`${space}${scalar(value)}`]
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((each: unknown) => ['-', each] as const)
    : Object.entries(value).map(([name, each]) => [`${name}:`, each] as const)
  return entries.flatMap(([label, each]) => {
    if (!isContainer(each)) return [`${space}${label} ${scalar(each)}${asTime(label, each)}`]
    const lines = outline(each, indent + 1)
    // The first line of an entry stands beside its dash.
    return label === '-'
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

/** Milliseconds since the epoch say nothing to people. */
function asTime(label: string, value: unknown): string {
  return label.endsWith('AtMs:') && typeof value === 'number' ? ` (${new Date(value).toISOString()})` : ''
}
