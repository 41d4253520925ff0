import { describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rules } from '../../../families/postgresql/rules/index.ts'
import { hazardCases } from '../../support/hazard-cases.ts'
import { hazardsPage } from '../../support/hazards-page.ts'

const page = join(import.meta.dirname, '../../../docs/hazards.md')

describe('the page of hazards', () => {
  it('is what the rules and the cases of the lab say', () => {
    const wanted = hazardsPage(rules, hazardCases())
    if (process.env['QIANYUN_WRITE_PAGES'] === '1') writeFileSync(page, wanted)
    expect(readFileSync(page, 'utf8')).toBe(wanted)
  })

  it('names a rule wherever a case of the lab expects a finding', () => {
    const ids = new Set(rules.map(({ id }) => id))
    for (const { name, finds } of hazardCases())
      for (const found of finds) expect([name, ids.has(found.split(' ')[0] ?? '')]).toEqual([name, true])
  })
})
