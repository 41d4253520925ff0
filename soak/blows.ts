import { readFileSync } from 'node:fs'
import type { Sides } from '../test/support/faults.ts'
import { type Pair, withServer } from '../test/support/postgres-pair.ts'
import type { Dice } from './dice.ts'
import type { Networks } from './lane.ts'

/** Something that happens in the middle of a switch, and what brings it right again. */
export interface Blow {
  readonly name: string
  strike(): void
  heal(): Promise<void>
}

const nothing = async () => undefined

/** A blow at the servers, the pooler, what replicates, or the network between them. */
export function chooseBlow(dice: Dice, pair: Pair, sides: Sides, networks: Networks): Blow {
  const side = dice.one(['from', 'to'] as const)
  const server = sides[side].port === pair.old.port ? pair.old : pair.new
  const called = `the server that is switched ${side} (PostgreSQL ${String(server.version)})`
  return dice.one<() => Blow>([
    () => ({
      name: `kill -9 of ${called}`,
      strike: () => {
        server.kill()
      },
      heal: async () => server.restart({}),
    }),
    () => ({
      name: `SIGSTOP of ${called}`,
      strike: () => {
        server.freeze()
      },
      heal: async () => {
        server.thaw()
      },
    }),
    () => ({
      name: 'kill -9 of the pooler',
      strike: () => {
        pair.entry.kill()
      },
      heal: async () => pair.entry.restart(),
    }),
    () => ({
      name: 'SIGSTOP of the pooler',
      strike: () => {
        pair.entry.freeze()
      },
      heal: async () => {
        pair.entry.thaw()
      },
    }),
    () => ({
      name: `kill -9 of the walsenders of ${called}`,
      strike: () => {
        void endWalSenders(server.port)
      },
      heal: nothing,
    }),
    () => networkBlow(dice, networks[side], called),
    () => networkBlow(dice, networks.replication, 'replication'),
  ])()
}

function networkBlow(dice: Dice, networks: Networks['replication'], called: string): Blow {
  const how = dice.one(['cut', 'silence'] as const)
  return {
    name: how === 'cut' ? `a cut of the network to ${called}` : `silence on the network to ${called}`,
    strike: () => {
      for (const network of networks) network[how]()
    },
    heal: async () => {
      for (const network of networks) network.mend()
    },
  }
}

/** A walsender that is killed makes the whole server start anew, so that it is ended instead. */
async function endWalSenders(port: number): Promise<void> {
  await withServer(port, 'postgres', async (client) =>
    client.query(`select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'`),
  ).catch(() => undefined)
}

/** The guardian that a runner has posted, as far as there is one. */
export function guardianOf(runner: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${String(runner)}/task/${String(runner)}/children`, 'utf8')
    return children
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number)
      .find((pid) => readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('guardian-main'))
  } catch {
    return undefined
  }
}
