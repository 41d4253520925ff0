/** What a script printed, by section: a line `@@name` begins one. */
export class Sections {
  private constructor(private readonly found: readonly (readonly [string, readonly string[]])[]) {}

  static read(stdout: string): Sections {
    const found: [string, string[]][] = []
    for (const line of stdout.split('\n')) {
      if (line.startsWith('@@')) found.push([line.slice(2).trimEnd(), []])
      else found.at(-1)?.[1].push(line)
    }
    return new Sections(found)
  }

  /** Lines of a section that are not empty. */
  lines(name: string): readonly string[] {
    const section = this.found.find(([title]) => title === name)
    return (section?.[1] ?? []).filter((line) => line.trim() !== '')
  }

  /** The first line of a section, trimmed; empty when there is none. */
  first(name: string): string {
    return this.lines(name)[0]?.trim() ?? ''
  }

  /** Sections titled `<kind> <subject>`, by subject, in order. */
  each(kind: string): readonly (readonly [subject: string, lines: readonly string[]])[] {
    return this.found.flatMap(([title, lines]) =>
      title.startsWith(`${kind} `) ? [[title.slice(kind.length + 1), lines] as const] : [],
    )
  }
}

/**
 * One thing to find out about a host, in one POSIX shell script that prints sections and ends with 0 whatever is
 * missing on the host.
 */
export interface Topic<T> {
  readonly name: string
  readonly script: string
  /** What stands in the facts when the host could not be asked. */
  readonly empty: T
  read(sections: Sections): T
  /** Why what was printed is not the whole truth; undefined when it is. */
  gap?(sections: Sections): string | undefined
}
