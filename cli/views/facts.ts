import type { NamedFacts } from '../use-cases/move-facts.ts'
import { factsMessages as m, factsNames } from '../messages/facts.ts'
import type { Session } from '../identity/session.ts'
import { table } from '../terminal/table.ts'
import { Moments } from './moment.ts'

/** What a move names by digest, one line each, with how one of them is printed. */
export function factsTable(session: Session, system: string, named: readonly NamedFacts[]): string[] {
  const { say, paint, program } = session
  const [first] = named
  if (first === undefined) return [say(m.none)]
  const moments = new Moments(session, session.timeZone)
  return [
    ...table(
      [m.columnEvent, m.columnAt, m.columnWhat, m.columnDigest].map((title) => say(title)),
      named.map(({ what, digest, event }) => [
        String(event.sequence),
        moments.at(event.atMs),
        say(factsNames[what]),
        digest,
      ]),
      paint.strong,
    ),
    say(m.printOne, { program, system, beginning: first.digest.slice(0, 12) }),
  ]
}
