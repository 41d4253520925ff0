import { createContext, Script } from 'node:vm'

/** What one expression may take of a thread that switches run on, too. */
const expressionBudgetMs = 500

/** Thrown when work takes longer than it may. */
export class OverBudgetError extends Error {
  override name = 'OverBudgetError'

  constructor(readonly budgetMs: number) {
    super(`no end within ${String(budgetMs)} ms`)
  }
}

const sandbox = createContext({ work: undefined as (() => unknown) | undefined })
const script = new Script('work()')

/**
 * Runs work that does not wait and changes nothing, and ends it when its time is over. It is run again with twice as much: the machine may
 * have given the process little of that time, or the process its other threads, such as the collector of garbage. What used half of the
 * longer time as well is over budget.
 * @throws OverBudgetError, and what the work throws
 */
export function withinBudget<T>(work: () => T, budgetMs = expressionBudgetMs): T {
  for (let timeout = budgetMs; ; timeout *= 2) {
    const before = process.cpuUsage()
    try {
      sandbox['work'] = work
      return script.runInContext(sandbox, { timeout }) as T
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      const { user, system } = process.cpuUsage(before)
      if (timeout > budgetMs && (user + system) / 1_000 >= timeout / 2) throw new OverBudgetError(budgetMs)
    } finally {
      sandbox['work'] = undefined
    }
  }
}
