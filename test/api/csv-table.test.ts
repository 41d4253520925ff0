import { describe, expect, it } from '@jest/globals'
import { csvOfBytes } from '../../domain/ledger/csv-bytes.ts'
import { rowsOfCsv } from '../../api/use-cases/csv.ts'
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

  it.each([
    ['semicolons', 'system;name\na;"x;y"\n'],
    ['tabs', 'system\tname\tnote\t\na\tx;y\t\t\n'],
    ['what its first line says', 'sep=;\nsystem;name\na;"x;y"\n'],
  ])('is read with its cells separated by %s', (_name, text) => {
    expect(read(text)).toEqual([{ system: 'a', name: 'x;y' }])
  })

  it('keeps an empty cell between tabs, and the numbers of lines after "sep="', () => {
    expect(read('a\tb\tc\n1\t\t3\n')).toEqual([{ a: '1', c: '3' }])
    expect(() => read('sep=;\na;b\nx\n')).toThrow(/"line 3" has 1 instead of/)
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
      /"line 5" has 3 instead of the 2 cells the first line names/,
    ],
    [
      'fewer cells than columns',
      'system,name,note\na,b\n',
      /"line 2" has 2 instead of the 3 cells the first line names/,
    ],
    ['a quote inside a cell', 'system,name\na,"x\r\ny"\r\nb,c"d"', /"line 4" has a quote in the wrong place/],
    ['text after a quoted cell', 'system,name\na,"b"c', /"line 2" has a quote in the wrong place/],
    [
      'a quote that is never closed',
      'system,name\na,b\n\nc,"d\ne,f\n',
      /"line 4" opens a quote that is closed nowhere/,
    ],
    ['commas of another width', 'system，name\na，b', /"line 1" separates its names by "，"; write ","/],
    ['bars', 'system|name\na|b', /separates its names by "\|"/],
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
      /"b" is the name.*"line 2" has 1 instead of.*"line 20" has 1.*has 11 more problems/,
    )
  })
})

describe('the columns of a ledger', () => {
  const row = { system: 'a', name: '甲', department: 'b', classified: '是' }

  it.each([
    ['in English', 'system,name,department,classified'],
    ['in Chinese', '系统编号,系统名称,所属部门,是否涉密'],
    ['with blanks, in capitals and other widths', ' System ,ＮＡＭＥ,"所属 部门",涉密\u200B'],
  ])('are known %s', (_name, header) => {
    expect(rowsOfCsv(`${header}\na,甲,b,是`)).toEqual([row])
  })

  it.each([
    ['the same name', 'classified,classified', /"classified" is the name of column 4 and of column 5/],
    ['Chinese and English', '涉密,classified', /column 4 and of column 5 \("涉密" and "classified"\)/],
    ['two Chinese names', '涉密,是否涉密', /column 4 and of column 5 \("涉密" and "是否涉密"\)/],
    ['capitals', 'Classified,classified', /column 4 and of column 5/],
  ])('are refused when two mean the same: %s', (_name, both, sentence) => {
    expect(() => rowsOfCsv(`system,name,department,${both}\na,甲,b,true,false`)).toThrow(sentence)
  })
})

describe('a CSV file', () => {
  const text = 'system,name,department\r\na,一网通办（政务）,b\r\n'
  const utf16 = Buffer.from(text, 'utf16le')
  // What a Chinese spreadsheet writes; Node encodes no GBK by itself.
  const gbk = Buffer.concat([
    Buffer.from('system,name,department\r\na,'),
    Buffer.from('d2bbcdf8cda8b0eca3a8d5fecef1a3a9', 'hex'),
    Buffer.from(',b\r\n'),
  ])

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${text}`)],
    ['GB18030', gbk],
    ['UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['UTF-16 without its mark', utf16],
    ['UTF-16 big-endian', Buffer.from(utf16).swap16()],
  ])('is read in %s', (_name, bytes) => {
    expect(rowsOfCsv(csvOfBytes(bytes))).toEqual([{ system: 'a', name: '一网通办（政务）', department: 'b' }])
  })

  it.each([
    ['a workbook', Buffer.from('PK\u0003\u0004...'), /is a workbook \(\.xlsx\)/],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /is a workbook \(\.xls\)/],
    ['a web page', Buffer.from('<html><table><tr><td>system'), /is a web page or XML/],
    [
      'bytes of no encoding',
      Buffer.from([0x41, 0xff, 0xff, 0x0a]),
      /neither in UTF-8 nor in UTF-16 nor in GB18030/,
    ],
    ['NUL bytes', Buffer.from('system\0\0,name\n'), /holds NUL bytes/],
  ])('is refused by its cause: %s', (_name, bytes, sentence) => {
    expect(() => csvOfBytes(bytes)).toThrow(sentence)
  })
})
