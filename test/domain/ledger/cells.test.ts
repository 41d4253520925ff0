import { describe, expect, it } from '@jest/globals'

import { ledgerRow, System } from '../../../domain/ledger/system.ts'
import { familiesInPlans } from '../../../families/index.ts'
import { planProblems } from '../../../domain/plan/rules.ts'
import { samplePlan } from '../../support/plan.ts'

const said = { system: 'permit-desk', name: '行政许可受理系统', department: 'permit-bureau' }
const read = (cells: Readonly<Record<string, unknown>>) => System.parse(ledgerRow({ ...said, ...cells }))
const refusedBy = (cells: Readonly<Record<string, unknown>>) =>
  System.safeParse(ledgerRow({ ...said, ...cells })).error?.issues.map(({ path }) => path.join('.'))

const blanks = [
  undefined,
  null,
  '',
  '  ',
  '\u3000',
  '?',
  '？',
  '-',
  '——',
  '/',
  '待定',
  '待核',
  ' 未知 ',
  'N/A',
  'unknown',
  'TBD',
]

describe('a cell of the ledger', () => {
  it.each([
    [4, 4],
    ['0.5', 0.5],
    [' ４ 小时', 4],
    ['30分钟', 0.5],
    ['90 min', 1.5],
    ['2天', 48],
    [0, 0],
  ])('that says %j says how long the system may be away', (acceptableDowntimeHours, hours) => {
    expect(read({ acceptableDowntimeHours }).acceptableDowntimeHours).toBe(hours)
  })

  it.each(blanks)('that says %j leaves it open how long that is', (acceptableDowntimeHours) => {
    expect(read({ acceptableDowntimeHours })).not.toHaveProperty('acceptableDowntimeHours')
  })

  it.each(['一夜', '-1', '4 weeks', 9_000, '夜间均可'])(
    'that says %j of it is refused',
    (acceptableDowntimeHours) => {
      expect(refusedBy({ acceptableDowntimeHours })).toEqual(['acceptableDowntimeHours'])
    },
  )

  it.each([...blanks, '未定级待核', '不详'])('that says %j says that nobody knows', (cell) => {
    expect(read({ classified: cell, mlpsLevel: cell })).toMatchObject({
      classified: 'unknown',
      mlpsLevel: 'unknown',
    })
  })

  it('may be missing with its whole column, and is unknown then as well', () => {
    expect(read({})).toEqual({
      ...said,
      network: 'unknown',
      mlpsLevel: 'unknown',
      classified: 'unknown',
      description: '',
    })
  })

  it.each([true, 'true', 'TRUE', '是', ' 是 ', '有', 'Y', 'ｙｅｓ', '√', 1, '1', '涉密', '机密'])(
    'that says %j says that the system is classified',
    (classified) => {
      expect(read({ classified }).classified).toBe(true)
    },
  )

  it.each([false, 'false', '否', '无', 'n', 'No', '×', 0, '0', '非涉密', '不涉密', '不涉及'])(
    'that says %j says that it is not',
    (classified) => {
      expect(read({ classified }).classified).toBe(false)
    },
  )

  it.each([
    [3, 3],
    ['3', 3],
    [' ３ ', 3],
    ['三级', 3],
    ['第三级', 3],
    ['３级', 3],
    ['Ⅲ级', 3],
    ['三', 3],
    ['三级（未备案）', 3],
    ['等保2.0三级', 3],
    ['等保 二级', 2],
    ['Level 4', 4],
    ['五级', 5],
    [0, 0],
    ['未定级', 0],
    ['无', 0],
  ])('that says %j is level %j', (mlpsLevel, level) => {
    expect(read({ mlpsLevel }).mlpsLevel).toBe(level)
  })

  it.each(['六级', '6', 6, -1, 2.5, 'three', '2.0', 'S3A3G3', true, [], {}])(
    'that says %j for a level is refused with its row',
    (mlpsLevel) => {
      expect(refusedBy({ mlpsLevel })).toEqual(['mlpsLevel'])
    },
  )

  it.each(['内部', 'maybe', '是/否', 2, -1, ['true'], {}])(
    'that says %j for classified is refused with its row',
    (classified) => {
      expect(refusedBy({ classified })).toEqual(['classified'])
    },
  )

  it('of a vendor or a network nobody knows yet holds neither', () => {
    expect(read({ vendor: '', network: null })).toEqual(read({}))
    expect(read({ vendor: '待定', network: '待核' })).toEqual(read({}))
    expect(refusedBy({ network: '政务外网' })).toEqual(['network'])
  })

  it.each(['', null, '待定', undefined])('of the department is refused where it is %j', (department) => {
    expect(refusedBy({ department })).toEqual(['department'])
  })
})

describe('a system of which something is unknown', () => {
  const problemsOf = (cells: Readonly<Record<string, unknown>>) =>
    planProblems(samplePlan(), read({ classified: '否', mlpsLevel: '二级', ...cells }), familiesInPlans)

  it('has no plan, and the sentence names the cell and what to do', () => {
    expect(problemsOf({})).toEqual([])
    for (const cell of blanks) {
      expect(problemsOf({ classified: cell })).toMatchObject([
        {
          path: 'system',
          message: expect.stringMatching(/its cell "classified" is blank or "unknown"\. Ask/),
        },
      ])
      expect(problemsOf({ mlpsLevel: cell })).toMatchObject([
        {
          path: 'system',
          message: expect.stringMatching(/its cell "mlpsLevel" is blank or "unknown"\. Ask/),
        },
      ])
    }
    expect(problemsOf({ classified: '', mlpsLevel: '' })).toHaveLength(2)
  })

  it('has no plan for another owner than the ledger’s department', () => {
    expect(problemsOf({ department: 'archive-office' })).toMatchObject([
      { path: 'organisations.owner', message: expect.stringContaining('the ledger has "archive-office"') },
    ])
  })
})
