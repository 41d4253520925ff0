import { lookForDatabase } from '../../copy/make-database.ts'
import { entryOf } from '../../entry/of-step.ts'
import { givenWaivers } from '../../census/waivers.ts'
import { SideServesElsewhereError } from '../../replication/errors.ts'
import { lookAtBothSides } from '../../replication/old-side.ts'
import { fenceStale, givenUp } from '../../replication/stale-side.ts'
import { startReplication } from '../../replication/start.ts'
import { disarm } from '../../replication/stop.ts'
import type { DatabasePort } from '../../database.ts'
import { DatabaseServedError } from '../../errors.ts'
import { SideStaleError } from '../../switchover/errors.ts'
import type { StepContext, StepResult } from '../../../../runner/steps/kind.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { sideName } from '../../side-name.ts'
import { implementation as postgresql } from '../../index.ts'
import { namedSides } from '../named-sides.ts'
import { type PostgresReplicateParams, postgresReplicate } from './params.ts'

interface PostgresReplicateFacts {
  readonly sides: Readonly<Record<'from' | 'to', string>>
  readonly targetExists: boolean
  readonly targetTables: readonly string[]
}

/**
 * Whether the copy was given up as the side `from` was opened alone. It stays, and is shut. The closed side is not opened while another one
 * serves, or may serve. @throws SideServesElsewhereError
 */
async function assertNotLeft(from: DatabasePort, to: DatabasePort): Promise<{ readonly isStale: boolean }> {
  const found = await lookAtBothSides(from, to)
  if (found.new === 'open') throw new SideServesElsewhereError(sideName(from), sideName(to))
  return { isStale: found.new === 'stale' }
}

/** A target that served is replaced only if it was given up; people are asked only then. */
async function replicate(params: PostgresReplicateParams, context: StepContext): Promise<StepResult> {
  const plan = {
    from: context.dataset(params.from, postgresql),
    to: context.dataset(params.to, postgresql),
    ...(await givenWaivers(params, context)),
    replace: params.replace,
    freeze: params.freeze,
    copyTimeoutMs: params.copyTimeoutMs,
    signal: context.signal,
    say: (line: string) => {
      context.say(line)
    },
  }
  try {
    return { ...(await startReplication(plan)) }
  } catch (error) {
    const { replaceServed } = params
    const mayGiveUp = error instanceof DatabaseServedError || error instanceof SideStaleError
    if (!mayGiveUp || replaceServed === undefined) throw error
    const gaveUp = await givenUp({ serving: plan.from, port: plan.to }, replaceServed, context)
    if (gaveUp === undefined) throw error
    return { ...(await startReplication({ ...plan, replaceServed: gaveUp })), gaveUp }
  }
}

/** Carries {@link postgresReplicate} out. */
export const implementation = implementKind<PostgresReplicateParams, PostgresReplicateFacts>(
  postgresReplicate,
  {
    interrupted: () => 'plan-again',
    async gather({ from, to }, context) {
      const { exists, tables } = await lookForDatabase(context.dataset(to, postgresql))
      return { sides: namedSides({ from, to }, context), targetExists: exists, targetTables: tables }
    },
    plan({ freeze }, { sides: { from, to }, targetExists }) {
      const part = (name: string, title: string) => ({ do: 'procedure' as const, name, title })
      return [
        part(
          'census',
          `look for what replication cannot carry in ${from}, and for free slots on both servers`,
        ),
        ...(targetExists ? [] : [part('create', `create database ${to} with roles and schema of ${from}`)]),
        part('publish', `publish all tables on both sides, ${freeze} schema changes`),
        part('close', `close ${to} to the application until a switchover opens it`),
        part('subscribe', `let ${to} follow ${from} and wait until every table is there`),
      ]
    },
    carryOut: async (params, _facts, _commands, context) => replicate(params, context),
    async carryOutUndo(params, _factsBefore, context) {
      const sides = [
        context.dataset(params.from, postgresql),
        context.dataset(params.to, postgresql),
      ] as const
      const { isStale } = await assertNotLeft(...sides)
      if (isStale && (await lookForDatabase(sides[1])).exists) await fenceStale(...sides)
      const result = await disarm({
        sides,
        closedSide: 'release',
        isStale,
        ...(params.endpoint && { entry: await entryOf(params.endpoint, context) }),
        signal: context.signal,
        waivers: params.waivers,
        say: (line) => {
          context.say(line)
        },
      })
      return { ...result }
    },
  },
)
