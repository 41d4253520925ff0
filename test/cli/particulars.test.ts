import { describe, expect, it } from '@jest/globals'

import { gateName, toldText } from '../../cli/views/particulars.ts'
import { wayBackReasonsText } from '../../cli/views/way-back.ts'
import { reportLines } from '../../cli/views/report.ts'
import type { GateResult } from '../../domain/move/event.ts'
import type { LoadReport, TargetLoad } from '../../domain/measurement/load.ts'
import { said } from '../../domain/words/said.ts'
import { Policy } from '../../domain/plan/policy.ts'
import { judgeRehearsal } from '../../domain/move/rules/rehearsal.ts'
import { wayBackReasons } from '../../domain/words/way-back.ts'

const { gates } = Policy.parse({ profile: 'production' })
const target = (name: string, p95: number): TargetLoad => ({
  name,
  url: `http://${name}.test`,
  requests: 1000,
  failed: 12,
  failedShare: 0.012,
  offeredPerSecond: 50,
  achievedPerSecond: 50,
  latencyMs: { p50: p95, p90: p95, p95, p99: p95, max: p95 },
  byRequest: {},
  byStatus: {},
  errors: {},
  runs: [],
})
const loadOf = (p95: number, ratio?: { low: number; high: number }): LoadReport => ({
  ratePerSecond: 50,
  seconds: 20,
  warmupSeconds: 2,
  repeats: 3,
  valid: true,
  invalidBecause: [],
  discardedRuns: 0,
  targets: [target('old', 100), target('new', p95)],
  comparisons: ratio
    ? [{ target: 'new', baseline: 'old', p95Ratio: { estimate: (ratio.low + ratio.high) / 2, ...ratio } }]
    : [],
})
const late = (run: number) => said('generator-late', { run, target: 'new', lateMs: 31.5, allowedMs: 20 })

function judged(load: LoadReport, done: Record<string, object> = {}): readonly GateResult[] {
  const results = { 'load-test': load, ...done }
  return judgeRehearsal(
    Object.entries(results).map(([kind, result]) => ({ step: kind, kind, result: { ...result } })),
    gates,
  ).gates
}
const switches = {
  cutoverMs: 1,
  rollbackMs: 1,
  cutoverGapMs: 812.4,
  rollbackGapMs: 7,
  ackedWrites: 10,
  lostWrites: 1,
}
const everyGate: readonly GateResult[] = [
  ...judgeRehearsal([], gates).gates,
  ...judged({ ...loadOf(10), valid: false, invalidBecause: [late(1), late(2)] }),
  ...judged(loadOf(20, { low: 1, high: 1.1 }), {
    'postgres-verify': { equal: true, rows: 7, differences: [] },
  }),
  ...judged(loadOf(200, { low: 1, high: 1.9 }), {
    'postgres-verify': { equal: false, rows: 7, differences: ['"申请"'] },
    'postgres-rehearse': switches,
  }),
  ...judged(loadOf(200, { low: 1.7, high: 1.9 })),
]

/** What is quoted is a name, and p95 and p99 are what the field calls them. */
const english = (text: string) =>
  /[A-Za-z]{2,}/.exec(text.replaceAll(/[“"（][^”"）]*[”"）]|p9[59]/g, ''))?.[0]

describe('what the server says', () => {
  it.each(everyGate)('is Chinese for who reads Chinese: gate $name, $found.code', (gate) => {
    const { name, found } = gate
    expect({ name, english: english(gateName('zh', gate)) }).toEqual({ name, english: undefined })
    expect({ found, english: english(toldText('zh', found)) }).toEqual({ found, english: undefined })
    expect(`${gateName('en', gate)} ${toldText('en', found)}`).not.toMatch(/[次未毫秒据]/)
  })

  it('keeps every figure and name', () => {
    const [, , p95] = judged(loadOf(200, { low: 1, high: 1.9 }))
    expect(toldText('zh', p95?.found ?? '')).toBe(
      '“new”的 p95 时延为 200 毫秒，是基准的 1.45 倍（95% 区间 1 至 1.9），上限 1.25 倍：通过，但更长的测试更有把握',
    )
    const [runs] = judged({ ...loadOf(10), valid: false, invalidBecause: [late(1), late(2)] })
    expect(toldText('zh', runs?.found ?? '')).toMatch(/第 1 次运行.*31\.5 毫秒.*；“new”第 2 次运行/)
    expect(gateName('zh', { name: 'failed-share', target: 'new' })).toBe('请求失败率（new）')
    expect(gateName('en', { name: 'failed-share', target: 'new' })).toBe('failed requests (new)')
  })

  it('stays as it was recorded where it was recorded as a sentence', () => {
    expect(toldText('zh', 'no load test was run')).toBe('no load test was run')
    expect(gateName('zh', { name: 'p95-new' })).toBe('p95-new')
  })

  it('is Chinese in a report too, where only gates are so called', () => {
    const lines = reportLines(
      { rehearsal: { gates: everyGate }, hosts: { source: { name: 'load-test' } } },
      'zh',
    )
    expect(lines).toContain('    - 名称: 数据核对')
    expect(lines).toContain('      实测: 未核对复制的数据')
    expect(lines).toContain('    名称: load-test')
  })

  it.each(Object.keys(wayBackReasons))('is Chinese for the reason "%s" of a way back', (code) => {
    const values = {
      dataset: '旧库',
      seconds: 11,
      count: 2,
      because: '无法连接',
      objects: '视图',
      left: 3,
      needed: 4,
      holders: '会话 12',
      tables: '旧表',
    }
    expect(english(wayBackReasonsText('zh', [{ code, values }]))).toBeUndefined()
  })

  it('names the dataset of a reason where there are several, whenever it was recorded', () => {
    const reasons = [said('reverse-apply-not-running'), said('behind', { dataset: 'orders', seconds: 11 })]
    expect(wayBackReasonsText('en', reasons)).toBe(
      'reverse replication is not running, orders: the old side is 11 s behind',
    )
    expect(wayBackReasonsText('zh', ['marker-late-11s', 'files-late-90s'])).toBe(
      'database：旧侧滞后 11 秒、files：旧侧滞后 90 秒',
    )
  })
})
