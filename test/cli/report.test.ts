import { describe, expect, it } from '@jest/globals'

import { reportLines } from '../../cli/views/report.ts'

const report = {
  kind: 'trial-run-report',
  policy: { timeZone: 'Asia/Shanghai', parties: ['owner', 'provider'] },
  assessment: {
    findings: [{ severity: 'warning', message: { zh: '没有主键', en: 'No key' } }],
    disposition: 'replatform',
    waivers: [{ rule: 'table-without-key', pattern: 'archive.*', covered: 11 }],
  },
  rehearsal: { cutoverMs: 3983, gates: [{ name: 'failed-share-new', passed: true, found: '0 of 50' }] },
  trialRun: { endedAtMs: Date.parse('2026-11-22T06:22:42Z') },
  skippedSteps: [],
  hosts: { source: { name: 'owner' } },
  fieldOfTomorrow: 7,
}

describe('a report', () => {
  it('is read in one language, with the words of the trade and the clocks of its programme', () => {
    const zh = reportLines(report, 'zh').join('\n')
    for (const line of [
      '文书: 试运行结果报告',
      '- 所属部门',
      '情况: 没有主键',
      '处置方式: 适配迁移',
      '覆盖对象数: 11',
    ])
      expect(zh).toContain(line)
    for (const line of ['割接用时: 3983 毫秒', '通过: 是', '结束: 2026-11-22 14:22:42 Asia/Shanghai'])
      expect(zh).toContain(line)
    expect(zh).not.toContain('No key')
    expect(reportLines(report, 'en').join('\n')).toContain('found: No key')
  })

  it('leaves nothing out, also of what has no name yet and of what is empty', () => {
    const zh = reportLines(report, 'zh').join('\n')
    expect(zh).toContain('fieldOfTomorrow: 7')
    expect(zh).toContain('跳过的步骤: —')
    expect(zh).toContain('实测: 0 of 50')
    expect(zh).toContain('名称: owner')
  })
})
