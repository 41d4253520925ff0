import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import type { GateResult } from '../../../domain/move/event.ts'
import { evaluateLoadGates } from '../../../domain/move/rules/gates.ts'
import { loadTestApart } from '../../load/load-process.ts'
import { implementKind } from '../implement-kind.ts'
import { type LoadTestParams, loadTestKind } from './params.ts'

/** Thrown when a load test misses a gate. `gates` holds all gates, also the passed ones. */
export class LoadGatesMissedError extends QianyunError {
  override name = 'LoadGatesMissedError'
  readonly code = 'load-gates-missed'

  constructor(readonly gates: readonly GateResult[]) {
    const missed = gates.filter(({ passed }) => !passed).map(({ found }) => found)
    super(said('load-gates-missed', { missed: missed.length, all: gates.length, gates: missed }))
  }
}

/** Carries {@link loadTestKind} out. */
export const implementation = implementKind<LoadTestParams, null>(loadTestKind, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: (params) =>
    params.targets.map((target) => ({
      do: 'procedure' as const,
      name: `load-${target.name}`,
      title: `${params.repeats} × ${params.seconds} s of ${params.ratePerSecond} requests/s to ${target.url} (${params.requests.map((request) => `${request.method} ${request.path}`).join(', ')})`,
    })),
  async carryOut(params, _facts, _commands, context) {
    const { targets, requests, ratePerSecond, seconds, warmupSeconds, timeoutMs, maxInFlight } = params
    const profile = { requests, ratePerSecond, seconds, warmupSeconds, timeoutMs, maxInFlight }
    const report = await loadTestApart(targets, profile, {
      repeats: params.repeats,
      maxGeneratorLagMs: params.maxGeneratorLagMs,
      spareRuns: params.spareRuns,
      signal: context.signal,
      say: (line) => context.say(line),
    })
    if (params.gates === undefined) return { ...report }
    const gates = evaluateLoadGates(report, params.gates)
    if (gates.some(({ passed }) => !passed)) throw new LoadGatesMissedError(gates)
    return { ...report, gates }
  },
})
