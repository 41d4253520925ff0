import { expect, it } from '@jest/globals'
import { openConnection } from '../../config/temporal-connection.ts'

it('closes a connection while a call is between two tries: the call ends, nothing is thrown in a timer', async () => {
  const connection = openConnection({ address: '127.0.0.1:1' })
  const calls = Array.from({ length: 20 }, async () =>
    connection.withDeadline(Date.now() + 30_000, async () => connection.workflowService.getSystemInfo({})),
  )
  const ended = Promise.allSettled(calls)
  // Long enough for each call to have failed and to wait for its next try.
  await new Promise((resolve) => setTimeout(resolve, 400))
  await connection.close()
  expect((await ended).map(({ status }) => status)).toEqual(calls.map(() => 'rejected'))
}, 30_000)
