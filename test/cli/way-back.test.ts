import { beforeAll, describe, expect, it } from '@jest/globals'
import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'
import { storeWayBackMoves, wayBackStands } from '../support/way-back-moves.ts'

const api = useApi()
const cli = useCli(api)

beforeAll(async () => {
  await storeWayBackMoves(api)
})

const moves = [
  ['before', 'not needed: the old side serves', '尚不需要：旧侧在用'],
  ['switched', 'not known yet: the new side serves', '尚不清楚：新侧在用'],
  ['arming', 'being armed: the new side serves', '正在建立：新侧在用'],
  ['armed', 'armed', '就绪'],
  ['degraded', 'database: the old side is 12 s behind', 'database：旧侧滞后 12 秒'],
  ['rolled-back', 'not needed: the old side serves', '尚不需要：旧侧在用'],
  ['new-side-gone', 'given up: the old side is being opened without the new one', '已放弃：正在单独启用旧侧'],
  ['gone-early', 'given up: the old side is being opened without the new one', '已放弃：正在单独启用旧侧'],
] as const

const stands = Object.entries(wayBackStands)

describe('the way back of a move', () => {
  it.each(moves)('"%s" is said by who serves, in both languages', async (system, en, zh) => {
    const wayBackOf = async (language: string, ...words: readonly string[]) => {
      const { stdout } = await cli.run([...words, system, '--context', 'operations', '--lang', language])
      return /^ *(?:Way back|退路) +(.*)$/m.exec(stdout)?.[1]
    }
    expect(await wayBackOf('en', 'migration', 'show')).toContain(en)
    expect(await wayBackOf('zh', 'migration', 'show')).toContain(zh)
    expect(await wayBackOf('en', 'retention', 'status')).toContain(en)
  })

  it('is said by who serves to whoever follows the move', async () => {
    const { stdout } = await cli.run([
      ...['migration', 'show', 'switched', '--watch', '--json'],
      ...['--timeout', '1s', '--context', 'operations'],
    ])
    const seen: unknown = JSON.parse(stdout.split('\n')[0] ?? '')
    expect(seen).toMatchObject({ wayBack: 'unknown' })
  })

  it.each(stands)('"%s" stands so in every answer of the API', async (system, wayBack) => {
    const params = { system }
    expect(await api.call('showMigration', { as: 'owner', params })).toMatchObject({ wayBack })
    expect(await api.call('showRetention', { as: 'owner', params })).toMatchObject({
      wayBack: { state: wayBack },
    })
    const { migrations } = await api.call('listMigrations', { as: 'owner' })
    expect(migrations.find((move) => move.system === system)).toMatchObject({ wayBack })
  })
})
