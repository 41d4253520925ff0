import type { DatabasePlace } from '../../domain/host.ts'
import type { BothSides } from '../both-sides.ts'
import type { Family } from '../family.ts'
import { assessDatabase } from './assess.ts'
import { changeSchema } from './ddl/change-schema.ts'
import { type DatabasePort, PostgresDatabase } from './database.ts'
import { postgresql } from './declaration.ts'
import type { DatabaseFacts } from './facts/database-facts.ts'
import { preflight } from './census/findings.ts'
import { PostgresWayBack } from './health.ts'
import { entriesInFront, entryFronting } from './entry/in-front.ts'
import { type DatabaseFound, removal } from './removal.ts'
import { dropGivenUp, givenUp } from './replication/stale-side.ts'
import { reseed } from './replication/reseed.ts'
import { lookAtBothSides } from './replication/old-side.ts'
import { isUnsettled, settlePair } from './switchover/settle-pair.ts'
import { switchOnRecord } from './switchover/on-record.ts'

/** A copy that stalls says so long before; a large database takes days. */
const reseedTimeoutMs = 7 * 86_400_000

const bothSides: BothSides<DatabasePort> = {
  async look(old, newSide) {
    const sides = await lookAtBothSides(old, newSide)
    const looks = await Promise.all([old, newSide].map(async (port) => isUnsettled(port).catch(() => false)))
    const found = { ...sides, ...(looks.includes(true) && { unsettled: true as const }) }
    if (found.new !== 'open') return found
    // Without its figures a switch is still one.
    const switched = await switchOnRecord(old, newSide).catch(() => undefined)
    return { ...found, ...(switched && { switched: { ...switched } }) }
  },
  async settle(from, to, { inFront, others = [], signal }) {
    const entry = await entryFronting(inFront)
    const leads = await Promise.all(
      others.map(async ({ old, newSide, inFront: before }) => {
        const own = await entryFronting(before)
        return { from: old, to: newSide, ...(own && { entry: own }) }
      }),
    )
    const pair = { from, to, ...(entry && { entry }), leads }
    const settled = await settlePair({ ...pair, signal, say: () => undefined })
    if (settled.serves === 'none') return { serves: 'none', undone: false }
    return { serves: settled.serves === 'from' ? 'old' : 'new', undone: settled.undone }
  },
  async reseed(follows, serves, options) {
    const { rows, copyMs } = await reseed({
      serves,
      follows,
      ...options,
      copyTimeoutMs: reseedTimeoutMs,
      say: () => undefined,
    })
    return { rows, copyMs }
  },
  mayGiveUp: async (port, serving, { dump, ...by }) => givenUp({ serving, port }, dump, by),
  dropGivenUp: async (port, serving, { dump }) => dropGivenUp(serving, port, { dump }),
  async changeSchema(follows, serves, { role, ...options }) {
    const plan = {
      serves,
      follows,
      ...options,
      say: () => undefined,
      ...(role === undefined ? {} : { role }),
    }
    const { newTables, heldMs } = await changeSchema(plan)
    return { newTables, heldMs }
  },
}

/** Reaches databases of PostgreSQL. */
export const implementation: Family<DatabasePlace, DatabasePort, DatabaseFacts, DatabaseFound> = {
  ...postgresql,
  open: (place, { called, secret, host, outageToSurviveMs }) =>
    new PostgresDatabase(called, place, secret, {
      host: () => host(place.host),
      ...(outageToSurviveMs !== undefined && { outageToSurviveMs }),
    }),
  async reach(port) {
    const client = await port.connect({ database: 'postgres' })
    await client.end()
  },
  assess: async (source, { inFront, ...options }) =>
    assessDatabase(source, { ...options, entries: entriesInFront(inFront) }),
  preflight: async (source, { inFront, ...options }) =>
    preflight(source, { ...options, entries: entriesInFront(inFront) }),
  bothSides,
  health: ({ opened }) => new PostgresWayBack(opened),
  removal,
}
