import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { createPaint, wantsColour } from '../../cli/terminal/paint.ts'
import { printable, printableJson } from '../../cli/terminal/printable.ts'
import { nameValueLines, table } from '../../cli/terminal/table.ts'
import { cutToWidth, displayWidth, padToWidth, wrapToWidth } from '../../cli/terminal/width.ts'

describe('widths', () => {
  it.each([
    ['permit', 6],
    ['行政许可', 8],
    ['（括号）', 8],
    ['e\u0301', 1],
    ['ﾊﾝｶｸ', 4],
    ['𠮷野家', 6],
    ['\u001b[1mbold\u001b[22m', 4],
    ['\u001b[1;123456789mbold\u001b[22;123456789m', 4],
    ['👩‍💻', 2],
    ['1️⃣', 2],
    ['', 0],
  ])('of "%s" is %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('are reached by padding, and never exceeded by cutting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 60 }), (text, width) => {
        expect(displayWidth(cutToWidth(text, width))).toBeLessThanOrEqual(width)
        expect(displayWidth(padToWidth(text, width))).toBe(Math.max(width, displayWidth(text)))
      }),
    )
  })

  it('hold when a text is broken into lines, and nothing of it is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 60 }), (text, width) => {
        const lines = wrapToWidth(text, width)
        // One character of some scripts is wider than a line of two columns.
        const widest = Array.from(new Intl.Segmenter().segment(text.normalize()), (g) =>
          displayWidth(g.segment),
        )
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(Math.max(width, ...widest))
        expect(lines.join('').normalize()).toBe(text.normalize())
      }),
    )
    expect(wrapToWidth('\u001b[31m一二三\u001b[39m', 4)).toEqual([
      '\u001b[31m一二\u001b[39m',
      '\u001b[31m三\u001b[39m',
    ])
  })

  it('count what is seen, so a cut text keeps its colour and gives it back', () => {
    const cut = cutToWidth('\u001b[31m一二三四\u001b[39m', 5)
    expect(cut).toBe('\u001b[31m一二…\u001b[0m')
  })
})

describe('what data brings along', () => {
  it('is shown, not obeyed: no control, line break or change of direction reaches the terminal', () => {
    const evil = 'a\u001b[2J\u001b[31mRED\u001b[0m\u0007\u009b1m\u202egnp\nnext\tcell\u2028end'
    expect(printable(evil, ';123456789')).toBe(
      'a\\x1b[2J\\x1b[31mRED\\x1b[0m\\x07\\x9b1m\\u{202e}gnp\\nnext\\x09cell\\u{2028}end',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text, ';1')).not.toMatch(/[\p{Control}\p{Format}\p{Surrogate}]/u)
      }),
    )
  })

  it('is told from the colours of the program itself', () => {
    const { bad } = createPaint(true, ';123456789')
    expect(printable(bad('no\u001b[32mway'), ';123456789')).toBe('\u001b[31mno\\x1b[32mway\u001b[39m')
  })

  it('is the same document in JSON, without such a character in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = printableJson({ name: text }, 2)
        expect(json).not.toMatch(/[^\P{Control}\n]|\p{Format}/u)
        expect(JSON.parse(json)).toEqual({ name: text })
      }),
    )
  })
})

describe('tables', () => {
  it('stand in columns although some cells are Chinese and some are coloured', () => {
    const { good } = createPaint(true)
    const lines = table(
      ['系统', 'STATE', 'NAME'],
      [
        ['permit-desk', good('moving'), '行政许可'],
        ['税务', 'closed', 'Tax'],
      ],
    )
    const starts = lines.map((line) => displayWidth(line.slice(0, line.search(/NAME|行政许可|Tax/))))
    expect(new Set(starts).size).toBe(1)
    expect(lines.every((line) => !line.endsWith(' '))).toBe(true)
  })

  it('of names and values leave out what has no value, and indent further lines', () => {
    expect(
      nameValueLines([
        ['阶段', 'x'],
        ['Step', undefined],
        ['Wide name', ['1', '2']],
      ]),
    ).toEqual(['阶段       x', 'Wide name  1', '           2'])
  })
})

describe('colour', () => {
  it.each([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['NO_COLOR over FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('on %s: %p %p is %p', (_, isTty, variables, expected) => {
    expect(wantsColour(isTty, variables)).toBe(expected)
  })
})
