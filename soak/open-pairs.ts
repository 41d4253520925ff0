import { readFileSync, writeFileSync } from 'node:fs'
import { type Pair, makeApplication, replicate, startPair } from '../test/support/postgres-pair.ts'
import { Network } from './network.ts'
import { addresses, databases, side } from './place.ts'

/** Of the runner and the pooler to the old and the new server, and between the servers. */
export interface LaneNetworks {
  readonly own: readonly [Network, Network]
  readonly replication: readonly Network[]
}

/** Starts a pair of servers behind networks, and replicates so many databases in it. Gives the pair as each of them sees it. */
export async function openPairs(
  name: string,
  count: number,
): Promise<{ readonly pairs: readonly [Pair, ...Pair[]]; readonly networks: LaneNetworks }> {
  const bare = await startPair(name)
  return replicated(bare, count).catch(async (error: unknown) => {
    await bare.stop()
    throw error as Error
  })
}

async function replicated(bare: Pair, count: number): ReturnType<typeof openPairs> {
  const { old, new: neu } = bare
  const as = (database: string): Pair => ({
    ...bare,
    source: side('source', old.port, database),
    target: side('target', neu.port, database),
  })
  const pairs = [as(databases[0]), ...databases.slice(1, count).map(as)] as const
  const [own, replication] = await Promise.all(
    [addresses.own, addresses.replication].map(async (address) =>
      Promise.all([Network.open(address, old.port), Network.open(address, neu.port)]),
    ),
  )
  if (own === undefined || replication === undefined) throw new Error('There is no network.')
  await leadThrough(bare, pairs.slice(1))
  for (const one of pairs) {
    await makeApplication(one)
    await replicate(one)
  }
  return { pairs, networks: { own, replication } }
}

/** Makes the pooler reach every database by the network that can be cut. */
async function leadThrough({ entry, old }: Pair, others: readonly Pair[]): Promise<void> {
  const lines = readFileSync(entry.databasesFile, 'utf8')
  const added = others.map(
    ({ source: { database } }) =>
      `${database} = host=${addresses.own} port=${String(old.port)} dbname=${database}`,
  )
  const first = `${databases[0]} = host=`
  writeFileSync(
    entry.databasesFile,
    lines.replace(`${first}127.0.0.1`, [...added, `${first}${addresses.own}`].join('\n')),
  )
  const console = await entry.admin()
  await console.query('reload')
  await console.end()
}
