import { beforeAll, describe, expect, it } from '@jest/globals'
import type { WatchedMove } from '../../domain/move/watched-move.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { engineActor } from '../../domain/organisation.ts'
import { WatchedMoves } from '../../storage/watched-moves.ts'
import { useDatabase } from '../support/database.ts'
import { shortHistory, switchedHistory } from './history.ts'

const database = useDatabase()
const moves = () => new MigrationStore(database.pool)
const next = (sequence: number) => ({ migration: 'm-1', sequence, atMs: sequence, actor: engineActor })

/** The moves in retention, with how many bytes of rows were read for them. */
function reader(): () => Promise<{ readonly found: readonly WatchedMove[]; readonly bytes: number }> {
  let bytes = 0
  const counting = {
    query: async (text: string, values: unknown[]) => {
      const result = await database.pool.query(text, values)
      bytes += JSON.stringify(result.rows).length
      return result
    },
  }
  const watched = new WatchedMoves(counting as never)
  return async () => {
    bytes = 0
    const found = await watched.inRetention()
    return { found, bytes }
  }
}

beforeAll(async () => {
  for (const migration of ['m-1', 'm-2']) await moves().append(switchedHistory(migration))
  await moves().append(shortHistory('m-3'))
})

describe('the moves in retention', () => {
  it('are read with what a look at their way back needs, and no others are', async () => {
    const { found } = await reader()()
    expect(found.map(({ migration }) => migration).toSorted()).toEqual(['m-1', 'm-2'])
    for (const move of found) {
      const whole = await moves().get(move.migration)
      const { migration, sequence, phase, plan, hostKeys, switches, retention } = whole
      expect(move).toEqual({ migration, sequence, phase, plan, hostKeys, switches, retention })
    }
  })

  it('are read again only where something has changed', async () => {
    const read = reader()
    const first = await read()
    const steady = await read()
    expect(steady.found).toEqual(first.found)
    expect(steady.bytes).toBeLessThan(100)
    const { sequence } = await moves().get('m-1')
    const data = { state: 'degraded', reasons: ['marker-late-12s'] } as const
    await moves().append([{ ...next(sequence + 1), type: 'way-back-changed', data }])
    const changed = await read()
    expect(changed.found.find(({ migration }) => migration === 'm-1')?.retention?.wayBack).toEqual({
      state: 'degraded',
      reasons: [{ code: 'behind', values: { dataset: 'database', seconds: 12 } }],
      atMs: sequence + 1,
    })
    // The plan, most of what a move is, is not among it.
    const plan = JSON.stringify(first.found[0]?.plan).length
    expect(changed.bytes).toBeLessThan(plan)
  })

  it('are let go of when they leave it', async () => {
    const read = reader()
    expect((await read()).found).toHaveLength(2)
    const { sequence } = await moves().get('m-1')
    await moves().append([
      { ...next(sequence + 1), type: 'phase-entered', data: { phase: 'closing', round: 1 } },
    ])
    expect((await read()).found.map(({ migration }) => migration)).toEqual(['m-2'])
  })
})

describe('the moves before their switch', () => {
  it('are those in their cutover whose new side does not serve yet', async () => {
    const history = switchedHistory('m-4')
    const at = history.findIndex((event) => event.type === 'cut-over')
    await moves().append(history.slice(0, at))
    const found = await new WatchedMoves(database.pool).beforeSwitch()
    const { migration, sequence, plan, hostKeys, switches } = await moves().get('m-4')
    expect(found).toEqual([{ migration, sequence, plan, hostKeys, switches }])
  })
})
