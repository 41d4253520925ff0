import { z } from 'zod'
import { Identifier } from '../../../domain/identifier.ts'
import { WaiverParams } from '../../postgres/waivers.ts'
import { disarm } from '../../replication/stop.ts'
import type { StepKind } from '../kind.ts'

const PostgresDisarmParams = z.strictObject({
  from: Identifier,
  to: Identifier,
  waivers: WaiverParams,
  /** Give back what the closed side's fence took. Leave it closed when it is to be wiped. */
  reopenClosed: z.boolean().default(false),
})
type PostgresDisarmParams = z.infer<typeof PostgresDisarmParams>

/** Takes down replication and the way back on both sides. After it there is no way back. */
export const postgresDisarm: StepKind<PostgresDisarmParams, null> = {
  name: 'postgres-disarm',
  title: { zh: '解除回退通道', en: 'Disarm the way back' },
  params: PostgresDisarmParams,
  uses: ({ from, to }) => ({ databases: [from, to] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to, reopenClosed }) => [
    { do: 'procedure', name: 'links', title: `drop subscriptions and slots between "${from}" and "${to}"` },
    {
      do: 'procedure',
      name: 'objects',
      title: 'drop publications, event triggers, markers and the record of sides',
    },
    ...(reopenClosed
      ? [
          {
            do: 'procedure' as const,
            name: 'reopen',
            title: 'give back what the fence of the closed side took',
          },
        ]
      : []),
  ],
  carryOut: async (params, _facts, _commands, context) => ({
    ...(await disarm({
      sides: [context.database(params.from), context.database(params.to)],
      reopenClosed: params.reopenClosed,
      identityFull: Object.keys(params.waivers).filter((name) => name.includes('.')),
      say: (line) => {
        context.say(line)
      },
    })),
  }),
}
