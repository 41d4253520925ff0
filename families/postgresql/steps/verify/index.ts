import { z } from 'zod'
import { Identifier } from '../../../../domain/identifier.ts'
import { DataDiffersError } from '../../errors.ts'
import { WaiverParams, copiesLargeObjects } from '../../rules/waivers.ts'
import { verify } from '../../verify/verify.ts'
import type { StepKind } from '../../../../runner/steps/kind.ts'

const PostgresVerifyParams = z.strictObject({
  from: Identifier,
  to: Identifier,
  waivers: WaiverParams,
  /** Tables left out besides, as `schema.table`. */
  except: z.array(z.string()).default([]),
  /** How often rows that keep changing are looked at again. */
  rounds: z.int().min(1).max(100).default(5),
  onDifference: z.enum(['fail', 'report']).default('fail'),
})
type PostgresVerifyParams = z.infer<typeof PostgresVerifyParams>

/** Compares two databases row range by row range, whether one follows the other live or is a copy of it. */
export const postgresVerify: StepKind<PostgresVerifyParams, null> = {
  name: 'postgres-verify',
  title: { zh: '逐段核对数据', en: 'Verify data range by range' },
  params: PostgresVerifyParams,
  does: 'verify',
  uses: ({ from, to }) => ({ databases: [from, to] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to }) => [
    {
      do: 'procedure',
      name: 'verify',
      title: `compare every table of "${from}" and "${to}" range by range, then views and large objects`,
      changesNothing: true,
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    const found = await verify({
      from: context.database(params.from),
      to: context.database(params.to),
      except: params.except,
      largeObjectsAtSwitch: copiesLargeObjects(params),
      rounds: params.rounds,
      signal: context.signal,
      say: (line) => {
        context.say(line)
      },
    })
    if (!found.equal && params.onDifference === 'fail') throw new DataDiffersError(found.differences)
    context.say(`${found.rows} rows in ${found.ranges} ranges: ${found.equal ? 'equal' : 'DIFFERENT'}`)
    return { ...found }
  },
}
