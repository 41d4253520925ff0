import { z } from 'zod'
import { Identifier } from '../../../../domain/identifier.ts'
import { EndpointParams, entryOf } from '../../pgbouncer/endpoint.ts'
import { aloneParts, openAlone } from '../../switchover/open-alone.ts'
import type { StepKind } from '../../../../runner/steps/kind.ts'

const PostgresReopenParams = z.strictObject({
  /** The side that served, and is gone. */
  gone: Identifier,
  /** The side that was left, and is opened. */
  to: Identifier,
  endpoint: EndpointParams,
  /** How long the side that is gone is asked whether it is. */
  lookTimeoutMs: z.int().min(500).max(120_000).default(10_000),
  /** Clients that wait for an answer of it are cut off after this. */
  pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
  /** That of the switchover which opened the side that is gone. */
  sequenceMargin: z.int().min(0).max(1_000_000).default(1_000),
})
type PostgresReopenParams = z.infer<typeof PostgresReopenParams>

/**
 * Opens the side that was left without the one that serves, because that one is gone for good. What it took and did not
 * hand on is lost. Run again after any interruption it goes on.
 */
export const postgresReopen: StepKind<PostgresReopenParams, null> = {
  name: 'postgres-reopen',
  title: { zh: '单独启用旧侧数据库', en: 'Open the side that was left, alone' },
  params: PostgresReopenParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ gone, to, endpoint }) => ({ databases: [gone, to], hosts: [endpoint.host] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: (params) => aloneParts.map((part) => ({ do: 'procedure', name: part, title: titles[part](params) })),
  async carryOut(params, _facts, _commands, context) {
    const result = await openAlone({
      gone: context.database(params.gone),
      to: context.database(params.to),
      entry: await entryOf(params.endpoint, context),
      lookTimeoutMs: params.lookTimeoutMs,
      pauseTimeoutMs: params.pauseTimeoutMs,
      sequenceMargin: params.sequenceMargin,
      signal: context.signal,
      say: (line) => {
        context.say(line)
      },
    })
    context.say(`"${result.openSide}" serves alone; it is known to be current until ${result.currentUntil}`)
    return { ...result }
  },
}

const titles: Readonly<Record<(typeof aloneParts)[number], (params: PostgresReopenParams) => string>> = {
  gone: ({ gone }) => `refuse when "${gone}" gives any sign of life`,
  pause: ({ endpoint }) => `pause "${endpoint.entryName}" at the entry`,
  detach: ({ gone, to }) => `detach "${to}" from "${gone}" for good`,
  sequences: ({ to, sequenceMargin }) =>
    `set the sequences of "${to}" ahead, ${sequenceMargin} past what is known`,
  open: ({ to }) => `open "${to}": the commit point`,
  switch: ({ endpoint, to }) => `point "${endpoint.entryName}" at "${to}" and let the clients go on`,
}
