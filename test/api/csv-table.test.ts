import { describe, expect, it } from '@jest/globals'
import { cellsByColumn, csvTable } from '../../api/use-cases/csv-table.ts'

const read = (text: string) => cellsByColumn(csvTable(text))

describe('a CSV text', () => {
  it.each([
    ['LF', '\n'],
    ['CR and LF', '\r\n'],
    ['CR alone, as old spreadsheets write', '\r'],
  ])('is read with its lines ended by %s', (_name, end) => {
    expect(read(['system,name', 'a,甲', '', 'b,乙', ''].join(end))).toEqual([
      { system: 'a', name: '甲' },
      { system: 'b', name: '乙' },
    ])
  })

  it('is read with a byte order mark, its first name quoted or not', () => {
    expect(read('\uFEFF"system",name\na,甲')).toEqual(read('\uFEFFsystem,name\na,甲'))
    expect(read('\uFEFF"system",name\na,甲')).toEqual([{ system: 'a', name: '甲' }])
  })

  it('keeps commas, quotes and line breaks of a quoted cell, and leaves out the space around cells', () => {
    expect(read('system,note\r\n a , "x, ""y""\r\nz"\r\n')).toEqual([{ system: 'a', note: 'x, "y"\nz' }])
  })

  it('leaves out blank cells, blank rows, and the empty columns a spreadsheet writes at the end', () => {
    expect(read('system,name,,\na,,,\n,,,\n \nb,乙\n'.replace('b,乙', 'b,乙,,'))).toEqual([
      { system: 'a' },
      { system: 'b', name: '乙' },
    ])
  })

  it.each([
    [
      'a column name that stands twice',
      'system,name,name\na,b,c',
      /"name" is the name of column 2 and of column 3/,
    ],
    ['a column without a name', 'system,,name\na,b,c', /"column 2" has no name/],
    [
      'more cells than columns',
      'system,name\na,"x\r\ny"\r\n\r\nb,c,d\n',
      /"line 5" has 3 cells; the first line names 2/,
    ],
    ['fewer cells than columns', 'system,name,note\na,b\n', /"line 2" has 2 cells; the first line names 3/],
    ['a quote inside a cell', 'system,name\na,"x\r\ny"\r\nb,c"d"', /"line 4" has a quote in the wrong place/],
    ['text after a quoted cell', 'system,name\na,"b"c', /"line 2" has a quote in the wrong place/],
    [
      'a quote that is never closed',
      'system,name\na,b\n\nc,"d\ne,f\n',
      /"line 4" opens a quote that is closed nowhere/,
    ],
    ['no rows', 'system,name\n\n', /has no rows/],
    ['no text', '', /has no rows/],
    ['another encoding', 'system,name\na,\uFFFD', /is not UTF-8/],
    ['too many rows', `a\n${'x\n'.repeat(10_001)}`, /has 10001 rows; at most 10000/],
  ])('is refused with %s', (_name, text, sentence) => {
    expect(() => read(text)).toThrow(sentence)
  })

  it('is refused with every problem at once, up to twenty, and the number of the others', () => {
    const text = `a,b,b\n${'x\n'.repeat(30)}`
    expect(() => read(text)).toThrow(
      /"b" is the name.*"line 2" has 1 cell;.*"line 20" has 1.*has 11 more problems/,
    )
  })
})
