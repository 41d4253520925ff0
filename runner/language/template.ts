import { said } from '../../domain/words/said.ts'
import { ExpressionError } from './errors.ts'
import { type Variables, evaluate, expressionProblem } from './expression.ts'

/** A text, cut into literal parts and the CEL expressions of its `${…}`. */
export type TemplatePart = { readonly text: string } | { readonly expression: string }

/**
 * Cuts a text at its `${…}`. `$${` stands for a literal `${`. An expression ends at the brace that is not its own, so it may contain
 * braces (maps, strings).
 * @throws ExpressionError
 */
export function parseTemplate(source: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let text = ''
  let at = 0
  for (;;) {
    const open = source.indexOf('${', at)
    if (open === -1) break
    if (source[open - 1] === '$' && open > at) {
      text += `${source.slice(at, open - 1)}\${`
      at = open + 2
      continue
    }
    const { expression, end } = readExpression(source, open + 2)
    text += source.slice(at, open)
    if (text !== '') parts.push({ text })
    parts.push({ expression })
    text = ''
    at = end
  }
  text += source.slice(at)
  if (text !== '') parts.push({ text })
  return parts
}

function readExpression(source: string, from: number): { expression: string; end: number } {
  const close = closingBrace(source, from)
  if (close === undefined) {
    throw new ExpressionError(source.slice(from, from + shownLength).trim(), said('expression-unclosed'))
  }
  const expression = source.slice(from, close).trim()
  const problem = expressionProblem(expression)
  if (problem !== undefined) throw new ExpressionError(expression, problem)
  return { expression, end: close + 1 }
}

const shownLength = 60

/** What a brace is not looked for in (texts, comments), and braces. */
const tokens =
  /"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|[{}]/g

/** Where the expression that begins at `from` ends; undefined if nothing closes it. */
function closingBrace(source: string, from: number): number | undefined {
  let depth = 0
  tokens.lastIndex = from
  for (let token = tokens.exec(source); token !== null; token = tokens.exec(source)) {
    if (token[0] === '{') depth += 1
    if (token[0] !== '}') continue
    if (depth === 0) return token.index
    depth -= 1
  }
  return undefined
}

/** Fills in one text. A text that is a single `${…}` keeps the type of its value. @throws ExpressionError */
export function fillText(source: string, variables: Variables): unknown {
  if (!source.includes('${')) return source
  const parts = parseTemplate(source)
  const [only] = parts
  if (parts.length === 1 && only !== undefined && 'expression' in only) {
    return evaluate(only.expression, variables)
  }
  return parts
    .map((part) =>
      'text' in part ? part.text : asText(part.expression, evaluate(part.expression, variables)),
    )
    .join('')
}

/** Fills in every text in a value, at any depth. @throws ExpressionError */
export function fill(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return fillText(value, variables)
  if (Array.isArray(value)) return value.map((inner) => fill(inner, variables))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, variables)]))
  }
  return value
}

function asText(expression: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new ExpressionError(expression, said('expression-not-text', { found: JSON.stringify(value) }))
}
