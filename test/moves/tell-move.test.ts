import { Client } from '@temporalio/client'
import { afterAll, expect, it } from '@jest/globals'
import { openConnection } from '../../config/temporal-connection.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import { meaningOf } from '../../moves/temporal-answers.ts'
import { tellMove } from '../../moves/tell-move.ts'
import { CommandStore } from '../../storage/commands.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const connection = openConnection({ address: '127.0.0.1:1' })
afterAll(async () => connection.close())

it('tells other news of the same state, although what was told first never arrived', async () => {
  const move = { migration: 'permit-desk-1', sequence: 7, plan: { system: 'permit-desk' } }
  const tells = { temporal: new Client({ connection }), commands: new CommandStore(database.pool) }
  for (const because of ['10 s behind', '12 s behind', '12 s behind']) {
    const data = { reasons: [said('forward-not-looked-at', { because: inForeignWords(because) })] }
    const told = tellMove(tells, move, { name: 'report-forward', data, withinMs: 300 })
    // Temporal is away, and nothing else is in the way.
    await expect(told.catch(meaningOf)).resolves.toMatchObject({ name: 'NotAnsweredError' })
  }
  const { rows } = await database.pool.query('select distinct request_id from command')
  expect(rows).toHaveLength(2)
})
