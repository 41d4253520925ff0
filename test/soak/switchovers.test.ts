import { expect, it } from '@jest/globals'
import { soakSwitchovers } from '../../soak/switchovers.ts'

it('loses nothing and comes to rest in a seeded sample of struck switches', async () => {
  const lines: string[] = []
  const result = await soakSwitchovers({
    signal: new AbortController().signal,
    count: 6,
    seed: 4,
    datasets: 1,
    databases: 2,
    say: (line) => lines.push(line),
  })
  expect({ lines, ...result }).toEqual({
    lines,
    soak: 'switchovers',
    count: 6,
    lostWrites: 0,
    bothOpen: 0,
    noneOpen: 0,
    replicationDead: 0,
    stuck: 0,
    writeGapMs: { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) },
  })
}, 300_000)
