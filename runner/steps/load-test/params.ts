import { z } from 'zod'
import { HttpPath, HttpUrl } from '../../../domain/http-address.ts'
import { wanted } from '../../../domain/schema-problems.ts'
import type { StepDeclaration } from '../declaration.ts'

const Target = z.strictObject({ name: z.string().min(1).max(130), url: HttpUrl })

const Request = z.strictObject({
  name: z.string().min(1).max(60),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']).default('GET'),
  path: HttpPath,
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().max(100_000).optional(),
  weight: z.number().positive().max(1000).default(1),
  status: z.array(z.int().min(100).max(599)).min(1).optional(),
  contains: z.string().min(1).max(1000).optional(),
})

export const LoadTestParams = z
  .strictObject({
    targets: z.array(Target).min(1).max(101),
    requests: z.array(Request).min(1).max(20),
    ratePerSecond: z.number().positive().max(10_000),
    seconds: z.number().positive().max(86_400),
    warmupSeconds: z.number().min(0).max(3600).default(2),
    repeats: z.int().min(1).max(20).default(3),
    timeoutMs: z.int().min(1).max(600_000).default(10_000),
    maxInFlight: z.int().min(1).max(50_000).default(2000),
    maxGeneratorLagMs: z.number().positive().default(20),
    spareRuns: z.int().min(0).max(20).default(2),
    /** Limits, as in the policy. Without them the step only measures. */
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
        context.addIssue({ code: 'custom', path: [path], message: wanted('name-given-twice') })
      }
    }
  })
export type LoadTestParams = z.infer<typeof LoadTestParams>

/** Offers the same open-model load to one or several addresses; the first is the baseline. */
export const loadTestKind: StepDeclaration<LoadTestParams> = {
  name: 'load-test',
  title: { zh: '压力测试', en: 'Load test' },
  params: LoadTestParams,
  does: 'load-test',
}
