import { type InputProblem, problemAt } from '../../domain/errors.ts'
import { hostRoles } from '../../domain/host-role.ts'
import { valueAt } from '../../domain/schema-problems.ts'
import { said } from '../../domain/words/said.ts'
import type { Playbook, Step } from '../../domain/playbook/playbook.ts'
import { stepKinds } from '../steps/index.ts'
import { namesUsed, type StepDeclaration, takenAsWritten } from '../steps/declaration.ts'
import { ExpressionError } from './errors.ts'
import { expressionProblem, namesLookedAt, speaksOf } from './expression.ts'
import { comesBefore, lintEach } from './lint-each.ts'
import { parsePlaybook } from './parse.ts'
import { nearest } from './nearest.ts'
import { problemsOf } from './problems.ts'
import { takesHost, writtenParams } from './step-params.ts'
import { parseTemplate } from './template.ts'

/** What is known about a playbook without running it. */
export interface LintReport {
  readonly problems: readonly InputProblem[]
  /** Absent if the text does not have the shape of a playbook. */
  readonly playbook?: Playbook
}

const databaseRoles = ['source', 'staging', 'target'] as const

/** The folder of a playbook: its name and the paths of its files, as far as they are known. */
export interface LintSurroundings {
  readonly name?: string
  readonly files?: readonly string[]
}

/**
 * Finds everything that would fail on any hosts: shape, kinds, parameters, expressions, undeclared names, missing files. Reports all
 * problems together, each with the id of its step in the path.
 */
export function lintPlaybook(text: string, { name, files = [] }: LintSurroundings = {}): LintReport {
  const parsed = parsePlaybook(text)
  if ('problems' in parsed) return { problems: parsed.problems }
  const { playbook } = parsed
  const problems = playbook.steps.flatMap((step, index) => lintStep(playbook, step, index, files))
  const renamed =
    name === undefined || name === playbook.playbook
      ? []
      : [problemAt('playbook', said('playbook-renamed', { found: playbook.playbook, expected: name }))]
  return { problems: [...renamed, ...lintInputs(playbook), ...problems], playbook }
}

function lintInputs(playbook: Playbook): InputProblem[] {
  return Object.entries(playbook.inputs).flatMap(([name, { type, default: given }]) => {
    const wanted = type === 'number' || type === 'boolean' ? type : 'string'
    return given === undefined || typeof given === wanted
      ? []
      : [
          problemAt(
            `inputs.${name}.default`,
            said('default-of-other-type', { expected: wanted, type, found: String(given) }),
          ),
        ]
  })
}

function lintStep(playbook: Playbook, step: Step, index: number, files: readonly string[]): InputProblem[] {
  const path = `steps.${step.id}`
  const kind = stepKinds.get(step.kind)
  if (kind === undefined) {
    const meant = nearest(step.kind, stepKinds.keys())
    const problem =
      meant === undefined
        ? said('kind-unknown-among', { kind: step.kind, known: [...stepKinds.keys()].join(', ') })
        : said('kind-unknown-like', { kind: step.kind, meant })
    return [problemAt(`${path}.kind`, problem)]
  }
  const earlier = playbook.steps.slice(0, index)
  return [
    ...lintEach(step, path),
    ...lintHost(playbook, step, kind, path),
    ...lintParams(playbook, step, kind, path),
    ...lintFiles(step, kind, path, files),
    ...lintExpressions(playbook, step, kind, path, earlier),
    ...lintSecrets(playbook, step.with, `${path}.with`),
  ]
}

function lintHost(
  playbook: Playbook,
  step: Step,
  kind: StepDeclaration<unknown>,
  path: string,
): InputProblem[] {
  if (step.host === undefined) return []
  if (!takesHost(kind)) return [problemAt(`${path}.host`, said('kind-without-host', { kind: kind.name }))]
  const twice = step.with['host'] !== undefined && step.with['host'] !== step.host
  return [
    ...lintName(playbook, 'host', step.host, `${path}.host`),
    ...(twice ? [problemAt(`${path}.with.host`, said('host-named-otherwise'))] : []),
  ]
}

function lintName(playbook: Playbook, type: 'host' | 'database', name: string, path: string): InputProblem[] {
  const roles: readonly string[] = type === 'host' ? hostRoles : databaseRoles
  // The name of a database also stands for its host.
  const types: readonly string[] = type === 'host' ? ['host', 'database'] : ['database']
  const declared = Object.entries(playbook.inputs).flatMap(([input, d]) =>
    types.includes(d.type) ? [input] : [],
  )
  const known = [...declared, ...roles]
  // Which dataset of a plan is meant is seen as it runs.
  const side = type === 'database' ? name.replace(/^.*@/, '') : name
  if (known.includes(side) || name.includes('${')) return []
  return [problemAt(path, said('name-not-bound', { name, type, known }))]
}

/** Parameters with `${…}` get their type only at run time, so their type problems are skipped. */
function lintParams(
  playbook: Playbook,
  step: Step,
  kind: StepDeclaration<unknown>,
  path: string,
): InputProblem[] {
  const written = writtenParams(step, kind)
  const parsed = kind.params.safeParse(written)
  if (!parsed.success) {
    const issues = parsed.error.issues.filter(
      ({ code, path: at }) => code === 'unrecognized_keys' || !holdsExpression(valueUnder(written, at)),
    )
    return problemsOf(issues, written, [path, 'with'])
  }
  const uses = namesUsed(kind, parsed.data)
  return [
    ...(uses.hosts ?? []).flatMap((name) => lintName(playbook, 'host', name, `${path}.with`)),
    ...(uses.databases ?? []).flatMap((name) => lintName(playbook, 'database', name, `${path}.with`)),
  ]
}

function lintFiles(
  step: Step,
  kind: StepDeclaration<unknown>,
  path: string,
  files: readonly string[],
): InputProblem[] {
  return (kind.files ?? []).flatMap((key) => {
    const file = step.with[key]
    if (typeof file !== 'string' || file.includes('${') || files.includes(file)) return []
    const problem =
      files.length === 0
        ? said('file-not-beside', { file })
        : said('file-not-in-folder', { file, known: files })
    return [problemAt(`${path}.with.${key}`, problem)]
  })
}

/** The parameter of an issue; none if the issue is about all parameters together. */
function valueUnder(written: unknown, path: readonly PropertyKey[]): unknown {
  return path.length === 0 ? undefined : valueAt(written, path)
}

function holdsExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${')
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(holdsExpression)
}

function lintExpressions(
  playbook: Playbook,
  step: Step,
  kind: StepDeclaration<unknown>,
  path: string,
  earlier: readonly Step[],
): InputProblem[] {
  const problems: InputProblem[] = []
  const look = (expression: string, where: string): void => {
    const problem = expressionProblem(expression)
    if (problem !== undefined) {
      problems.push(problemAt(where, said('expression-fails', { expression, reason: problem })))
      return
    }
    for (const id of namesLookedAt(expression, 'steps')) {
      if (!comesBefore(id, earlier)) problems.push(problemAt(where, said('step-not-before', { step: id })))
    }
    if (step.forEach === undefined && speaksOf(expression, 'each'))
      problems.push(problemAt(where, said('each-without-for-each')))
    for (const name of namesLookedAt(expression, 'inputs')) {
      if (!Object.hasOwn(playbook.inputs, name))
        problems.push(problemAt(where, said('input-not-declared', { input: name })))
    }
    for (const type of ['host', 'database'] as const) {
      for (const name of namesLookedAt(expression, `${type}s`)) {
        problems.push(...lintName(playbook, type, name, where))
      }
    }
  }
  const written = takenAsWritten(kind)
  if (step.when !== undefined) look(step.when, `${path}.when`)
  for (const [key, value] of Object.entries(step.with)) {
    if (kind.conditions?.includes(key) === true) eachText(value, `${path}.with.${key}`, look)
    else if (!written.includes(key)) {
      eachText(value, `${path}.with.${key}`, (text, where) => {
        lookInTemplate(text, where, look, problems)
      })
    }
  }
  return problems
}

function lookInTemplate(
  text: string,
  where: string,
  look: (expression: string, where: string) => void,
  problems: InputProblem[],
): void {
  try {
    for (const part of parseTemplate(text)) {
      if ('expression' in part) look(part.expression, where)
    }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const { expression, reason } = error
    problems.push(problemAt(where, said('expression-fails', { expression, reason })))
  }
}

function eachText(value: unknown, path: string, visit: (text: string, path: string) => void): void {
  if (typeof value === 'string') visit(value, path)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) eachText(inner, `${path}.${key}`, visit)
  }
}

/** By convention the name of a parameter for a secret is `secret` or ends in `Secret`. */
function lintSecrets(playbook: Playbook, value: unknown, path: string): InputProblem[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const here = `${path}.${key}`
    if (typeof inner !== 'string' || !/^secret$|Secret$/.test(key)) return lintSecrets(playbook, inner, here)
    if (inner.includes('${') || playbook.secrets.includes(inner)) return []
    return [problemAt(here, said('secret-not-declared', { secret: inner }))]
  })
}
