import { posix } from 'node:path'

/** A directive of nginx with its block, if it has one: what files include stands where it is included. */
export interface NginxDirective {
  readonly words: readonly string[]
  readonly block?: readonly NginxDirective[]
}

const fileMark = /^# configuration file (.*):$/

/**
 * Reads what `nginx -T` prints, or one file by itself. Includes of files that are not there are left out, and so is what is more than any proxy has:
 * files that include each other would else be read without an end.
 */
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
  let left = mostWords
  const read = (file: string, depth: number): readonly NginxDirective[] => {
    const tokens = tokensOf(files.get(file) ?? '')
    const block = (level: number): NginxDirective[] => {
      const found: NginxDirective[] = []
      if (level > deepestBlock) return found
      for (let words: string[] = []; ;) {
        const token = tokens.next()
        if (token.done === true || token.value === close || left-- <= 0) return found
        if (token.value === open) found.push({ words, block: block(level + 1) })
        else if (typeof token.value === 'string') {
          words.push(token.value)
          continue
        } else if (words[0] === 'include' && depth < deepest) {
          for (const one of included(words[1] ?? ''))
            for (const directive of read(one, depth + 1)) found.push(directive)
        } else found.push({ words })
        words = []
      }
    }
    return block(0)
  }
  const matching = new Map<string, readonly string[]>()
  const included = (pattern: string): readonly string[] => {
    const path = posix.isAbsolute(pattern) ? pattern : posix.join(folder, pattern)
    if (!/[*?]/.test(path)) return files.has(path) ? [path] : []
    const known = matching.get(path)
    if (known !== undefined) return known
    const found = matching.size < mostPatterns ? [...files.keys()].filter((file) => matches(path, file)) : []
    matching.set(path, found)
    return found
  }
  return read(main, 0)
}

/** Whether a path is one that a pattern means: `*` stands for any part of a name, `?` for one character of it. */
function matches(pattern: string, path: string): boolean {
  let [at, star, taken] = [0, -1, 0]
  for (let index = 0; index < path.length || at < pattern.length;) {
    const wanted = pattern[at]
    const here = path[index]
    if (wanted === '*') [star, taken, at] = [at, index, at + 1]
    else if (here !== undefined && (wanted === here || (wanted === '?' && here !== '/'))) {
      at += 1
      index += 1
    } else if (star >= 0 && taken < path.length && path[taken] !== '/') {
      // What stands after the last star does not fit: it takes one character more.
      taken += 1
      at = star + 1
      index = taken
    } else return false
  }
  return true
}

/** Includes in includes. */
const deepest = 10
const mostWords = 400_000
const mostPatterns = 200
/** Blocks in blocks: what would begin below counts as a part of the last. */
const deepestBlock = 100
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
