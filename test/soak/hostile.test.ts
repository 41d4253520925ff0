import { expect, it } from '@jest/globals'
import { soakHostile } from '../../soak/hostile.ts'
import { askServers } from '../support/ask-servers.ts'

it('gives nothing away in a seeded sample of attacks', async () => {
  const lines: string[] = []
  const [database, temporal, bundle] = await Promise.all([
    askServers('template'),
    askServers('temporal'),
    askServers('bundle'),
  ])
  const { attacks, succeeded } = await soakHostile({
    seed: 8,
    untilMs: 0,
    texts: 2_000,
    servers: { database, temporal, bundle },
    signal: new AbortController().signal,
    say: (line) => lines.push(line),
  })
  expect({ lines, succeeded }).toEqual({ lines, succeeded: 0 })
  expect(attacks).toBeGreaterThan(2_500)
}, 300_000)
