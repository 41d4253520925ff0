/** What a line may have: whoever has a file on a host may fill it with one that takes hours to be understood. */
const longestLine = 2_000

/** The output of a script by section; a line `@@name` begins a section. */
export class Sections {
  private constructor(private readonly found: readonly (readonly [string, readonly string[]])[]) {}

  static read(stdout: string): Sections {
    const found: [string, string[]][] = []
    for (const whole of stdout.split('\n')) {
      const line = whole.slice(0, longestLine)
      if (line.startsWith('@@')) found.push([line.slice(2).trimEnd(), []])
      else found.at(-1)?.[1].push(line)
    }
    return new Sections(found)
  }

  /** The lines of a section, without empty ones. */
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
 * A topic of host facts: one POSIX shell script, which prints sections and exits with 0 even if the host lacks what it asks for.
 */
export interface Topic<T> {
  readonly name: string
  readonly script: string
  /** The facts if the host could not be asked. */
  readonly empty: T
  read(sections: Sections): T
  /** Why the output is incomplete; undefined if it is complete. */
  gap?(sections: Sections): string | undefined
}
