import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { rules } from '../../../families/postgresql/rules/index.ts'
import { hazardCases, hazardCasesOf, hazardPrograms } from '../../support/hazard-cases.ts'
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

describe('the files that try the cases of the lab', () => {
  it('take each case once between them, and about as many each', () => {
    const shares = hazardPrograms().map(hazardCasesOf)
    const names = shares.flat().map(({ name }) => name)
    expect(names.toSorted()).toEqual(
      hazardCases()
        .map(({ name }) => name)
        .toSorted(),
    )
    const sizes = shares.map(({ length }) => length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  })

  it('are run by jest, each with the same program, and are among the slow ones', async () => {
    const programs = hazardPrograms()
    expect(new Set(programs.map((file) => readFileSync(file, 'utf8'))).size).toBe(1)
    expect(readFileSync(programs[0] ?? '', 'utf8')).toContain('describeHazards(import.meta.filename)')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['node_modules/jest/bin/jest.js', '--listTests'],
      { cwd: join(import.meta.dirname, '../../..'), env: { ...process.env, QIANYUN_TESTS: 'slow' } },
    )
    const listed = stdout.split('\n')
    expect(listed).toEqual(expect.arrayContaining([...programs]))
    expect(listed.map((file) => basename(file))).not.toContain('hazards-page.test.ts')
  })
})
