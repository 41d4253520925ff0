/** One statement of an SQL text, as far as it can be told apart without a parser: its own text, and its words in lower case. */
export interface SqlStatement {
  /** Without comments around it and without its semicolon. */
  readonly text: string
  /** Bare words in their order, those in quotes, bodies and comments left out: `create`, `index`, `concurrently`. */
  readonly words: readonly string[]
}

/** A text in quotes, a body between dollars, or a comment, from where it begins; the longest first. */
const opaque: readonly RegExp[] = [
  /--[^\n]*/y,
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1/y,
]
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y

/**
 * Splits an SQL text at the semicolons that end statements: not at those in quotes, bodies between dollars, comments or the
 * body of a function in standard SQL. Whatever it is unsure of stays in one piece.
 */
export function sqlStatements(sql: string): readonly SqlStatement[] {
  const statements: SqlStatement[] = []
  let begin = 0
  let words: string[] = []
  let depth = 0
  const end = (at: number): void => {
    const text = withoutComments(sql.slice(begin, at))
    if (text !== '') statements.push({ text, words })
    words = []
    begin = at + 1
    depth = 0
  }
  for (let at = 0; at < sql.length;) {
    const skipped = lengthOfOpaque(sql, at)
    if (skipped > 0) {
      at += skipped
      continue
    }
    const found = match(word, sql, at)
    if (found !== undefined) {
      const lower = found.toLowerCase()
      if (lower === 'atomic' && words.at(-1) === 'begin') depth += 1
      if (lower === 'case' && depth > 0) depth += 1
      if (lower === 'end' && depth > 0) depth -= 1
      words.push(lower)
      at += found.length
      continue
    }
    if (sql[at] === ';' && depth === 0) end(at)
    at += 1
  }
  end(sql.length)
  return statements
}

function lengthOfOpaque(sql: string, at: number): number {
  if (sql.startsWith('/*', at)) return lengthOfComment(sql, at)
  for (const pattern of opaque) {
    const found = match(pattern, sql, at)
    if (found !== undefined) return found.length
  }
  return 0
}

/** Comments nest. One that does not end takes all that is left. */
function lengthOfComment(sql: string, begin: number): number {
  let open = 0
  for (let at = begin; at < sql.length; at += 1) {
    if (sql.startsWith('/*', at)) {
      open += 1
      at += 1
    } else if (sql.startsWith('*/', at)) {
      open -= 1
      at += 1
      if (open === 0) return at + 1 - begin
    }
  }
  return sql.length - begin
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0]
}

/** A statement without what stands before it and after it that says nothing. */
function withoutComments(text: string): string {
  let rest = text.trim()
  for (;;) {
    const length = rest.startsWith('--') || rest.startsWith('/*') ? lengthOfOpaque(rest, 0) : 0
    if (length === 0) return rest
    rest = rest.slice(length).trim()
  }
}

const longestExcerpt = 160

/** The beginning of a statement on one line, for people. */
export function excerptOf({ text }: SqlStatement): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= longestExcerpt ? line : `${line.slice(0, longestExcerpt)}…`
}
