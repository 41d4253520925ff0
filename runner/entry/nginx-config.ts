import { posix } from 'node:path'

/** A directive of nginx with its block, if it has one: what files include stands where it is included. */
export interface NginxDirective {
  readonly words: readonly string[]
  readonly block?: readonly NginxDirective[]
}

const fileMark = /^# configuration file (.*):$/

/** Reads what `nginx -T` prints, or one file by itself. Includes of files that are not there are left out. */
export function nginxDirectives(printed: string): readonly NginxDirective[] {
  const files = new Map<string, string>()
  let name = ''
  for (const line of printed.split('\n')) {
    const mark = fileMark.exec(line)?.[1]
    if (mark !== undefined) name = mark
    else files.set(name, `${files.get(name) ?? ''}${line}\n`)
  }
  const main = [...files.keys()].find((file) => file !== '') ?? ''
  const folder = posix.dirname(main)
  const read = (file: string, depth: number): readonly NginxDirective[] => {
    const tokens = tokensOf(files.get(file) ?? '')
    const block = (): NginxDirective[] => {
      const found: NginxDirective[] = []
      for (let words: string[] = []; ;) {
        const token = tokens.next()
        if (token.done === true || token.value === close) return found
        if (token.value === open) found.push({ words, block: block() })
        else if (typeof token.value === 'string') {
          words.push(token.value)
          continue
        } else if (words[0] === 'include' && depth < deepest)
          found.push(...included(words[1] ?? '').flatMap((one) => read(one, depth + 1)))
        else found.push({ words })
        words = []
      }
    }
    return block()
  }
  const included = (pattern: string): readonly string[] => {
    const path = posix.isAbsolute(pattern) ? pattern : posix.join(folder, pattern)
    const escaped = path.replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    const wanted = new RegExp(`^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`)
    return [...files.keys()].filter((file) => wanted.test(file))
  }
  return read(main, 0)
}

const deepest = 10
const open = Symbol('{')
const close = Symbol('}')
const end = Symbol(';')

function* tokensOf(text: string): Generator<string | symbol, undefined, undefined> {
  const pattern =
    /\s+|#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])|((?:\$\{\w+\}|\\.|[^\s{};"'])+)/gs
  for (const [, double, single, mark, plain] of text.matchAll(pattern)) {
    const word = double ?? single ?? plain
    if (word !== undefined) yield word
    else if (mark !== undefined) yield mark === '{' ? open : mark === '}' ? close : end
  }
  return undefined
}
