import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Journal, nowMs } from '../../lab/writers/journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'qianyun-journal-'))

afterAll(() => rmSync(folder, { recursive: true }))

describe('a journal of acknowledgements', () => {
  it('counts the edges of a span as much as what lies between acknowledgements', async () => {
    const journal = await Journal.open<string>(join(folder, 'edges.tsv'))
    const before = nowMs()
    journal.acknowledge('a', 'a')
    const after = nowMs()
    expect(journal.longestGapMs({ fromMs: before - 500, toMs: after })).toBeGreaterThanOrEqual(500)
    expect(journal.longestGapMs({ fromMs: before, toMs: after + 700 })).toBeGreaterThanOrEqual(700)
    await journal.close()
  })

  it('gives a span without acknowledgements as one gap', async () => {
    const journal = await Journal.open<string>(join(folder, 'empty.tsv'))
    expect(journal.longestGapMs({ fromMs: 1_000, toMs: 4_000 })).toBe(3_000)
    await journal.close()
  })

  it('tells spans apart and grows past its first size', async () => {
    const journal = await Journal.open<number>(join(folder, 'many.tsv'))
    for (let key = 0; key < 5_000; key += 1) journal.acknowledge(key, String(key))
    const middle = nowMs()
    journal.acknowledge(5_000, '5000')
    expect(journal.keysWithin({ fromMs: journal.startedAtMs, toMs: middle })).toHaveLength(5_000)
    expect(journal.keysWithin({ fromMs: middle, toMs: nowMs() })).toEqual([5_000])
    await journal.close()
  })

  it('keeps acknowledged and ambiguous writes in its file', async () => {
    const path = join(folder, 'kept.tsv')
    const journal = await Journal.open<string>(path)
    journal.acknowledge('a', 'a')
    journal.ambiguous('b', 'connection\nlost')
    await journal.close()
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => line.split('\t').slice(1))).toEqual([
      ['acknowledged', 'a'],
      ['ambiguous', 'b', 'connection lost'],
    ])
  })
})
