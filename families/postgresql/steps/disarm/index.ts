import { z } from 'zod'
import { Identifier } from '../../../../domain/identifier.ts'
import { WaiverParams } from '../../rules/waivers.ts'
import { assertReleased } from '../../replication/errors.ts'
import { assertClosed } from '../../replication/old-side.ts'
import { disarm } from '../../replication/stop.ts'
import type { StepKind } from '../../../../runner/steps/kind.ts'

const PostgresDisarmParams = z.strictObject({
  /** The side that was left; it must be closed, and stays so. */
  from: Identifier,
  to: Identifier,
  waivers: WaiverParams,
})
type PostgresDisarmParams = z.infer<typeof PostgresDisarmParams>

/** Takes down replication and the way back on both sides. After it there is no way back. */
export const postgresDisarm: StepKind<PostgresDisarmParams, null> = {
  name: 'postgres-disarm',
  title: { zh: '解除回退通道', en: 'Disarm the way back' },
  params: PostgresDisarmParams,
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to }) => [
    {
      do: 'procedure',
      name: 'released',
      title: `refuse before retention is over, and unless "${from}" is released and closed`,
    },
    { do: 'procedure', name: 'links', title: `drop subscriptions and slots between "${from}" and "${to}"` },
    { do: 'procedure', name: 'objects', title: 'drop publications, event triggers and markers' },
  ],
  async carryOut(params, _facts, _commands, context) {
    await assertReleased(context)
    const sides = [context.database(params.from), context.database(params.to)] as const
    await assertClosed(sides[0])
    const result = await disarm({
      sides,
      closedSide: 'keep',
      waivers: params.waivers,
      say: (line) => {
        context.say(line)
      },
    })
    return { ...result }
  },
}
