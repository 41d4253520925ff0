import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { switchNames } from '../../lab/demo/decisions.ts'
import { removeLab } from '../../lab/lab.ts'
import { Demo, type DemoRun, processesIn } from '../support/demo.ts'

const folder = mkdtempSync(join(tmpdir(), 'qianyun-by-commands-'))
let demo: Demo
let run: DemoRun

beforeAll(async () => {
  chmodSync(folder, 0o755)
  demo = new Demo(folder, ['--writers', '4', '--system', 'register'])
  run = await demo.ended()
}, 600_000)

afterAll(async () => {
  await demo.stop()
  await removeLab(join(folder, 'demo'))
  rmSync(folder, { recursive: true })
}, 120_000)

describe('a whole move of a system by commands of its vendor', () => {
  it('closes, and says so by its exit code', () => {
    expect({ exitCode: run.exitCode, closed: run.summary.closed }).toEqual({ exitCode: 0, closed: true })
  })

  it.each(switchNames)('loses no acknowledged write in its %s', (name) => {
    expect(run.summary[name].lostWrites).toBe(0)
    expect(run.summary[name].ackedWrites).toBeGreaterThan(0)
  })

  it('says of its data that it crossed cold, with the longest gap', () => {
    const writeGapMs = Math.max(...switchNames.map((name) => run.summary[name].writeGapMs))
    expect(run.summary.datasets).toEqual([
      { name: 'entries', family: 'commands', method: 'cold', writeGapMs, lostWrites: 0 },
    ])
  })

  it('leaves no process behind', () => {
    expect(processesIn(folder)).toEqual([])
  })
})
