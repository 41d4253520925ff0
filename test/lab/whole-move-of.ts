import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { switchNames } from '../../lab/demo/decisions.ts'
import type { DemoSummary } from '../../lab/demo/summary.ts'
import { removeLab } from '../../lab/lab.ts'
import { Demo, type DemoRun, processesIn } from '../support/demo.ts'

/** What the whole move of any system of the lab has to come to. Gives its summary, once it has run. */
export function testWholeMove(system: string): () => DemoSummary {
  const folder = mkdtempSync(join(tmpdir(), `qianyun-${system}-`))
  let demo: Demo
  let run: DemoRun

  beforeAll(async () => {
    chmodSync(folder, 0o755)
    demo = new Demo(folder, ['--writers', '4', '--system', system])
    run = await demo.ended()
  }, 600_000)

  afterAll(async () => {
    await demo.stop()
    await removeLab(join(folder, 'demo'))
    rmSync(folder, { recursive: true })
  }, 120_000)

  it('closes, and says so by its exit code', () => {
    expect({ exitCode: run.exitCode, closed: run.summary.closed }).toEqual({ exitCode: 0, closed: true })
  })

  it.each(switchNames)('loses no acknowledged write in its %s', (name) => {
    expect(run.summary[name].lostWrites).toBe(0)
    expect(run.summary[name].ackedWrites).toBeGreaterThan(0)
  })

  it('leaves no process behind', () => {
    expect(processesIn(folder)).toEqual([])
  })

  return () => run.summary
}
