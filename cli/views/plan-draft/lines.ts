import { plainLine } from '../../terminal/printable.ts'

/**
 * The lines of a YAML file: what is known, and what is missing, as a comment that says what belongs there. What people wrote into the ledger ends no
 * comment, and obeys no terminal.
 */
export class DraftLines {
  readonly lines: string[] = []
  missing = 0

  comment(depth: number, text: string): this {
    for (const line of wrapped(text, 116 - depth * 2)) this.lines.push(`${indent(depth)}# ${plainLine(line)}`)
    return this
  }

  blank(): this {
    this.lines.push('')
    return this
  }

  /** The name of what the following lines are parts of. */
  part(depth: number, name: string, about?: string): this {
    this.lines.push(`${indent(depth)}${name}:${about === undefined ? '' : ` # ${about}`}`)
    return this
  }

  known(depth: number, name: string, value: string | number | readonly string[], about?: string): this {
    this.lines.push(`${indent(depth)}${name}: ${yamlValue(value)}${about === undefined ? '' : ` # ${about}`}`)
    return this
  }

  /** `example` is YAML as it could stand there. */
  unknown(depth: number, name: string, example: string, about: string): this {
    this.missing += 1
    this.lines.push(`${indent(depth)}# ${name}: ${example}  # ${about}`)
    return this
  }

  /** Whatever of the two it is. */
  either(
    depth: number,
    name: string,
    value: string | number | readonly string[] | undefined,
    [example, about]: readonly [string, string],
  ): this {
    return value === undefined ? this.unknown(depth, name, example, about) : this.known(depth, name, value)
  }

  /** The first key of an item of a list. */
  item(depth: number, name: string, value: string): this {
    this.lines.push(`${indent(depth)}- ${name}: ${yamlValue(value)}`)
    return this
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`
  }
}

const indent = (depth: number): string => '  '.repeat(depth)

const plain = /^[A-Za-z][A-Za-z0-9._/-]*$|^\d+\.\d+\.\d+\.\d+$/
const words = /^(?:true|false|null|yes|no|on|off|y|n)$/i

function yamlValue(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return `[${value.map(yamlValue).join(', ')}]`
  return plain.test(value) && !words.test(value) ? value : JSON.stringify(value)
}

/** Chinese has no spaces to break at; a line of it stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
