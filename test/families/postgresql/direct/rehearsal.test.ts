import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type RehearsalPlan,
  clearRehearsal,
  rehearse,
} from '../../../../families/postgresql/rehearsal/rehearse.ts'
import {
  type Pair,
  directEntry,
  makeApplication,
  startPair,
  switchPlan,
  withServer,
} from '../../../support/postgres-pair.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair('direct-rehearsal')
  pair.entry.kill()
  await makeApplication(pair)
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

function rehearsal(changed: Partial<RehearsalPlan> = {}): RehearsalPlan {
  const { from, to, entry, signal, say, waivers, ...bounds } = switchPlan(pair, pair.source, pair.target, {
    entry: directEntry(),
    guarded: true,
  })
  return {
    ...{ from, to, entry, signal, say, waivers, bounds },
    ...{ schemaOnly: false, writers: 3, writerPauseMs: 5, calmMs: 300, copyTimeoutMs: 30_000 },
    ...changed,
  }
}

/** What of a rehearsal stands on both servers. */
async function left(): Promise<readonly string[]> {
  const found = await Promise.all(
    [pair.old, pair.new].map(async ({ port }) =>
      withServer(port, 'postgres', async (client) => {
        const { rows } = await client.query<{ name: string }>(
          `select datname::text as name from pg_database where datname ~ 'rehearsal'
           union all select rolname::text from pg_roles where rolname ~ 'rehearsal'
           union all select slot_name::text from pg_replication_slots
           union all select subname::text from pg_subscription`,
        )
        return rows.map(({ name }) => name)
      }),
    ),
  )
  return found.flat()
}

describe('a rehearsal without an entry', () => {
  it('switches a copy forth and back under writers that change sides, loses nothing and leaves nothing', async () => {
    const result = await rehearse(rehearsal())

    expect(result.lostWrites).toBe(0)
    expect(result.ackedWrites).toBeGreaterThan(0)
    expect(result.ambiguousWrites).toBeLessThanOrEqual(6)
    expect([result.cutoverGapMs, result.rollbackGapMs].every((ms) => ms > 0)).toBe(true)
    expect(await left()).toEqual([])
  }, 120_000)

  it('leaves nothing when it is stopped while its writers write', async () => {
    const stop = new AbortController()
    const say = (line: string) => {
      if (line.startsWith('rehearsed cutover')) stop.abort(new Error('stopped by the test'))
    }
    await expect(rehearse(rehearsal({ signal: stop.signal, say }))).rejects.toThrow()
    await clearRehearsal(rehearsal())
    expect(await left()).toEqual([])
  }, 120_000)
})
