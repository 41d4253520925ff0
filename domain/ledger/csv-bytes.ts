import { InvalidInputError, problemAt } from '../errors.ts'
import { said } from '../words/said.ts'

type Problem = `csv-${'workbook-xlsx' | 'workbook-xls' | 'pdf' | 'encoding' | 'nul' | 'web-page'}`

const kinds: readonly (readonly [begins: readonly number[], what: Problem])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'csv-workbook-xlsx'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'csv-workbook-xls'],
  [[0x25, 0x50, 0x44, 0x46], 'csv-pdf'],
]

/**
 * The text of a CSV file as offices save it: UTF-8, UTF-16 with or without a byte order mark, or GB18030 (GBK, GB2312).
 * @throws InvalidInputError when the bytes are none of these, or another sort of file
 */
export function csvOfBytes(bytes: Uint8Array): string {
  const kind = kinds.find(([begins]) => begins.every((byte, index) => bytes[index] === byte))
  if (kind !== undefined) throw invalid(kind[1])
  const encodings = wideEncoding(bytes) ?? ['utf-8', 'gb18030']
  const text = encodings.map((encoding) => decoded(bytes, encoding)).find((each) => each !== undefined)
  if (text === undefined) throw invalid('csv-encoding')
  if (text.includes('\0')) throw invalid('csv-nul')
  if (/^\uFEFF?\s*<(?:!doctype|html|table|\?xml)/i.test(text)) throw invalid('csv-web-page')
  return text
}

/** UTF-16 by its mark; without one by its zeros: the commas and line ends of every CSV have one each. */
function wideEncoding(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le']
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be']
  const looked = bytes.subarray(0, 4096)
  const zeros = (parity: number) => looked.filter((byte, index) => byte === 0 && index % 2 === parity).length
  const [even, odd] = [zeros(0), zeros(1)]
  if (even === odd) return undefined
  return odd > even ? ['utf-16le'] : ['utf-16be']
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function invalid(code: Problem): InvalidInputError {
  return new InvalidInputError('The CSV', [problemAt('', said(code))])
}
