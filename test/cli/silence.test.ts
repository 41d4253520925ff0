import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'

import { ApiClient } from '../../cli/api-client.ts'
import { UnreachableError } from '../../cli/errors.ts'

describe('a server that takes a request and says nothing', () => {
  it('is not waited for without end, and the sentence says that the request may still be carried out', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const server = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const never = new AbortController().signal
    try {
      const asked = new ApiClient(server, () => 'token', '', never, 200).call('listMigrations')
      await expect(asked).rejects.toThrow(UnreachableError)
      await expect(asked).rejects.toThrow('gave no answer in 0.2 s. It may still be carried out')
    } finally {
      silent.closeAllConnections()
      silent.close()
    }
  })
})
