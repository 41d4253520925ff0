import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import { OverBudgetError, withinBudget } from './budget.ts'
import { ExpressionError } from './errors.ts'

/** The variables of expressions: objects and lists of plain JSON values. */
export interface Variables {
  readonly inputs: Readonly<Record<string, unknown>>
  readonly hosts: Readonly<Record<string, unknown>>
  /** By the name that a side is bound to: its hosts and its sites, as lists. */
  readonly sides: Readonly<Record<string, unknown>>
  readonly datasets: Readonly<Record<string, unknown>>
  readonly applications: Readonly<Record<string, unknown>>
  /** The parts of the plan as lists; each item has its name. */
  readonly plan: Readonly<Record<string, unknown>>
  /** The item of a repeated step; empty in other steps. */
  readonly each: Readonly<Record<string, unknown>>
  readonly databases: Readonly<Record<string, unknown>>
  readonly sites: Readonly<Record<string, unknown>>
  readonly endpoints: Readonly<Record<string, unknown>>
  readonly waivers: unknown
  readonly policy: Readonly<Record<string, unknown>>
  readonly application: Readonly<Record<string, unknown>>
  readonly steps: Readonly<Record<string, unknown>>
  readonly facts: Readonly<Record<string, unknown>>
  readonly system: string
  readonly migration: string
  /** Why a name such as `sites.to` is absent, if the plan has several of what it stands for. Not a variable itself. */
  readonly absent?: Readonly<Record<string, Said>>
}

const environment = makeEnvironment()

function makeEnvironment(): Environment {
  const made = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 2_000, maxDepth: 50 },
  })
  for (const name of [
    'inputs',
    'hosts',
    'sides',
    'datasets',
    'applications',
    'plan',
    'each',
    'databases',
    'sites',
    'endpoints',
    'policy',
    'application',
    'steps',
    'facts',
  ]) {
    made.registerVariable(name, 'map')
  }
  made
    .registerVariable('waivers', 'dyn')
    .registerVariable('system', 'string')
    .registerVariable('migration', 'string')
  // Results are JSON, in which 1 and 1.0 are the same: arithmetic may mix integers and fractions, as comparison does.
  const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  }
  for (const [operator, apply] of Object.entries(arithmetic)) {
    const handler = (a: unknown, b: unknown) => apply(Number(a), Number(b))
    made.registerOperator(`int ${operator} double`, handler)
    made.registerOperator(`double ${operator} int`, handler)
  }
  return made
}

interface Parsed {
  readonly problem?: Said
  readonly ast?: ASTNode
}

const parsedBefore = new Map<string, Parsed>()
/** More than all texts of one playbook come to, and few enough to be kept. */
const mostKept = { texts: 2_000, characters: 2_000_000 }
let keptCharacters = 0

/** Parses a text once: lint, dry run and each repetition of a step ask for the same ones. */
function parsed(text: string): Parsed {
  const before = parsedBefore.get(text)
  if (before !== undefined) return before
  if (parsedBefore.size >= mostKept.texts || keptCharacters + text.length > mostKept.characters) {
    parsedBefore.clear()
    keptCharacters = 0
  }
  const now = parse(text)
  parsedBefore.set(text, now)
  keptCharacters += text.length
  return now
}

function parse(text: string): Parsed {
  const { valid, error } = environment.check(text)
  if (!valid) return { problem: inForeignWords(error?.summary ?? 'syntax error') }
  const { ast } = environment.parse(text)
  return regularExpressionIn(ast) ? { ast, problem: said('expression-matches') } : { ast }
}

/** The problem of an expression that shows without values; undefined if there is none. */
export function expressionProblem(text: string): Said | undefined {
  return parsed(text).problem
}

/** The names that an expression reads from one variable: `copy` in `steps.copy.result`, `copy-data` in `steps["copy-data"].result`. */
export function namesLookedAt(text: string, variable: keyof Variables): readonly string[] {
  const isIt = (node: ASTNode) => node.op === 'id' && node.args === variable
  const found: string[] = []
  walk(parsed(text).ast, (node) => {
    if (node.op === '.' && isIt(node.args[0])) found.push(node.args[1])
    if (node.op === '[]' && isIt(node.args[0])) {
      const [, key] = node.args
      if (key.op === 'value' && typeof key.args === 'string') found.push(key.args)
    }
  })
  return found
}

/** Whether an expression uses a variable. */
export function speaksOf(text: string, variable: keyof Variables): boolean {
  let found = false
  walk(parsed(text).ast, (node) => {
    if (node.op === 'id' && node.args === variable) found = true
  })
  return found
}

/** Evaluates an expression within its budget of time. @throws ExpressionError */
export function evaluate(text: string, variables: Variables): unknown {
  const problem = expressionProblem(text)
  if (problem !== undefined) throw new ExpressionError(text, problem)
  try {
    const { absent: _, ...seen } = variables
    return withinBudget(() => fromCel(environment.evaluate(text, toCel(seen) as Record<string, unknown>)))
  } catch (error) {
    if (error instanceof OverBudgetError)
      throw new ExpressionError(text, said('expression-over-budget', { budgetMs: error.budgetMs }))
    const { summary, message } = error as { summary?: string; message: string }
    const reason = summary ?? message
    throw new ExpressionError(text, whyAbsent(text, variables, reason) ?? inForeignWords(reason))
  }
}

function whyAbsent(text: string, { absent = {} }: Variables, reason: string): Said | undefined {
  const found = Object.entries(absent).find(([path]) => {
    const [variable = '', name = ''] = path.split('.')
    return reason === `No such key: ${name}` && speaksOf(text, variable as keyof Variables)
  })
  return found?.[1]
}

/** Evaluates a condition. @throws ExpressionError if it fails or is neither true nor false */
export function evaluateCondition(text: string, variables: Variables): boolean {
  const value = evaluate(text, variables)
  if (typeof value !== 'boolean') {
    throw new ExpressionError(text, said('expression-not-condition', { found: JSON.stringify(value) }))
  }
  return value
}

function regularExpressionIn(ast: ASTNode): boolean {
  let found = false
  walk(ast, (node) => {
    if ((node.op === 'rcall' || node.op === 'call') && node.args[0] === 'matches') found = true
  })
  return found
}

function walk(node: ASTNode | undefined, visit: (node: ASTNode) => void): void {
  if (node === undefined) return
  visit(node)
  const into = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(into)
    else if (isNode(value)) walk(value, visit)
  }
  into(node.args)
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

/** CEL represents integers as bigint; a JSON number without a fraction is an integer. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(toCel)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]))
  }
  return value
}

function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(fromCel)
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, inner]) => [String(key), fromCel(inner)]))
  }
  if (value instanceof Date || value instanceof Uint8Array) return value
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromCel(inner)]))
  }
  return value
}
