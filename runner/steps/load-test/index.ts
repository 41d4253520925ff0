import { z } from 'zod'
import { QianyunError } from '../../../domain/errors.ts'
import { evaluateLoadGates, type GateResult } from '../../../domain/move/rules/gates.ts'
import { loadTestApart } from '../../load/load-process.ts'
import type { StepKind } from '../kind.ts'

const Target = z.strictObject({ name: z.string().min(1).max(60), url: z.url({ protocol: /^https?$/ }) })

const Request = z.strictObject({
  name: z.string().min(1).max(60),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']).default('GET'),
  path: z.string().startsWith('/').max(2000),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().max(100_000).optional(),
  weight: z.number().positive().max(1000).default(1),
  status: z.array(z.int().min(100).max(599)).min(1).optional(),
  contains: z.string().min(1).max(1000).optional(),
})

const LoadTestParams = z
  .strictObject({
    targets: z.array(Target).min(1).max(5),
    requests: z.array(Request).min(1).max(20),
    ratePerSecond: z.number().positive().max(10_000),
    seconds: z.number().positive().max(86_400),
    warmupSeconds: z.number().min(0).max(3600).default(2),
    repeats: z.int().min(1).max(20).default(3),
    timeoutMs: z.int().min(1).max(600_000).default(10_000),
    maxInFlight: z.int().min(1).max(50_000).default(2000),
    maxGeneratorLagMs: z.number().positive().default(20),
    spareRuns: z.int().min(0).max(20).default(2),
    /** Limits in the words of the policy. Without them the step measures and judges nothing. */
    gates: z
      .strictObject({
        maxFailedShare: z.number().min(0).max(1).default(0.001),
        maxP95Ratio: z.number().positive().default(1.25),
        p95FloorMs: z.number().min(0).default(50),
      })
      .optional(),
  })
  .superRefine(({ targets, requests }, context) => {
    for (const [path, list] of [
      ['targets', targets],
      ['requests', requests],
    ] as const) {
      const names = list.map(({ name }) => name)
      if (new Set(names).size !== names.length) {
        context.addIssue({ code: 'custom', path: [path], message: 'gives a name twice' })
      }
    }
  })
type LoadTestParams = z.infer<typeof LoadTestParams>

/** Thrown when a load test missed its gates. `gates` holds all of them, passed ones too. */
export class LoadGatesMissedError extends QianyunError {
  override name = 'LoadGatesMissedError'
  readonly code = 'load-gates-missed'

  constructor(readonly gates: readonly GateResult[]) {
    const missed = gates.filter(({ passed }) => !passed).map(({ found }) => found)
    super(
      `The load test missed ${missed.length} of ${gates.length} gates: ${missed.join('; ')}. Find out why, or run it again on a quieter machine if the generator was late.`,
    )
  }
}

/** Offers the same open-model load to one or several addresses; the first is the baseline for the others. */
export const loadTestKind: StepKind<LoadTestParams, null> = {
  name: 'load-test',
  title: { zh: '压力测试', en: 'Load test' },
  params: LoadTestParams,
  does: 'load-test',
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
}
