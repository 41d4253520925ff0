import { reseed } from '../../families/postgresql/replication/reseed.ts'
import { startReplication } from '../../families/postgresql/replication/start.ts'
import { dieBefore } from './die-before.ts'
import { port } from './postgres-pair.ts'

/** What a runner that is to be killed while it replaces a side that was given up is told, as its one argument. */
export interface GivingUpDeath {
  readonly source: number
  readonly target: number
  /** The side that was given up. */
  readonly stale: 'source' | 'target'
  readonly beforeStatement: string
}

const death = JSON.parse(process.argv[2] ?? '{}') as GivingUpDeath
const [source, target] = [port('source', death.source), port('target', death.target)]
dieBefore(death.beforeStatement)
const around = {
  waivers: {},
  copyTimeoutMs: 20_000,
  signal: new AbortController().signal,
  say: () => undefined,
}
const givenUp = { dump: 'a'.repeat(64), by: ['li', 'wang'] }
await (death.stale === 'target'
  ? startReplication({
      ...{ ...around, from: source, to: target, replace: true, replaceServed: givenUp },
      freeze: 'record',
    })
  : reseed({ ...around, serves: target, follows: source, givenUp }))
