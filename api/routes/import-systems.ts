import { brokenTexts } from '../../domain/broken-text.ts'
import { type InputProblem, InvalidInputError, problemAt } from '../../domain/errors.ts'
import type { Scope } from '../../domain/scope.ts'
import { said } from '../../domain/words/said.ts'
import type { WithStores } from '../context.ts'
import { actorOf } from '../http/auth.ts'
import { ledgerRow, System } from '../../domain/ledger/system.ts'
import { routes, type ImportAnswer, type ImportRow } from '../contract.ts'
import { rowsOfCsv } from '../use-cases/csv.ts'
import { handle, problemsOf } from '../http/handler.ts'
import { shownProblems } from '../http/problem.ts'

/** Every row is looked at before any is taken; without `partial`, one problem keeps all of them out. */
export const importSystems = handle(routes.importSystems, async ({ query, body, account }, context) => {
  const rows = checkRows(typeof body === 'string' ? rowsOfCsv(body) : body)
  const checked = await withoutOthers(context, account.scope, rows)
  const bad = checked.filter(({ problems }) => problems.length > 0)
  if (bad.length > 0 && query.partial !== 'true') {
    throw new InvalidInputError(
      'The list of systems',
      bad.flatMap(({ row, problems }) =>
        problems.map(({ path, said: problem }) =>
          problemAt(`${row}${path === '' ? '' : `.${path}`}`, problem),
        ),
      ),
    )
  }
  const good = checked.flatMap(({ system }) => (system === undefined ? [] : [system]))
  const outcomes = await context.stores.systems.import(
    good,
    { ...actorOf(account), scope: account.scope },
    Date.now(),
  )
  const changed = new Set(
    good.filter((_, index) => outcomes[index] === 'updated').map(({ system }) => system),
  )
  // The ledger is stored whatever comes of this: what a move was not told now, it is told at the next look.
  const moves = await context.moves.ledger.look(changed).catch(() => [])
  return { ...answerOf(checked, outcomes), ...(moves.length === 0 ? {} : { moves: [...moves] }) }
})

/** The rows that are somebody else's become problems. */
async function withoutOthers(
  { stores }: WithStores<'systems'>,
  scope: Scope,
  rows: readonly CheckedRow[],
): Promise<readonly CheckedRow[]> {
  const read = rows.flatMap(({ system }) => (system === undefined ? [] : [system]))
  const others = new Set(await stores.systems.others(read, scope))
  return rows.map(({ system, ...row }) => {
    if (system === undefined) return row
    if (!others.has(system)) return { ...row, system }
    return { ...row, problems: [problemAt('system', said('others-row', { system: system.system }))] }
  })
}

interface CheckedRow {
  readonly row: number
  readonly named: string
  readonly system?: System
  readonly problems: readonly InputProblem[]
}

function checkRows(rows: readonly unknown[]): CheckedRow[] {
  const seen = new Map<string, number>()
  return rows.map((value, index) => {
    const row = index + 1
    const broken = brokenTexts(value)
    const parsed = System.safeParse(ledgerRow(value))
    if (!parsed.success || broken.length > 0) {
      const problems = parsed.success ? [] : problemsOf(parsed.error, value)
      return { row, named: nameOf(value), problems: [...broken, ...problems] }
    }
    const { system } = parsed.data
    const earlier = seen.get(system)
    if (earlier !== undefined) {
      return {
        row,
        named: system,
        problems: [problemAt('system', said('system-twice', { system, row: earlier }))],
      }
    }
    seen.set(system, row)
    return { row, named: system, system: parsed.data, problems: [] }
  })
}

function nameOf(value: unknown): string {
  const system = typeof value === 'object' && value !== null && 'system' in value ? value.system : undefined
  return typeof system === 'string' ? system.slice(0, 100) : ''
}

function answerOf(checked: readonly CheckedRow[], outcomes: readonly ImportRow['outcome'][]): ImportAnswer {
  const left = [...outcomes]
  const rows = checked.map(({ row, named, system, problems }): ImportRow => {
    const outcome = system === undefined ? 'problem' : (left.shift() ?? 'problem')
    return { row, system: named, outcome, problems: shownProblems(problems) }
  })
  const count = (outcome: ImportRow['outcome']) => rows.filter((each) => each.outcome === outcome).length
  return {
    rows,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    problems: count('problem'),
  }
}
