import type { EventType } from '../../domain/move/event.ts'
import {
  carriesOut,
  followsSettling,
  isActor,
  settles,
  type AskedOfMove,
} from '../../domain/move/rules/asked-for.ts'
import { said } from '../../domain/words/said.ts'
import type { EventAt, Expected } from './expected.ts'
import type { Findings } from './findings.ts'

/** What the API records itself, in the name of whoever asked it. */
const byTheDoor: ReadonlySet<EventType> = new Set<EventType>(['ended-outside', 'recovered'])

/** Compares the events that a command has brought about with what was asked, and each with who asked. */
export function checkCarriedOut(command: AskedOfMove, events: readonly EventAt[], findings: Findings): void {
  const seen = new Set<EventType>()
  for (const at of events) {
    // One command is carried out once.
    if (seen.has(at.event.type) || !carriesOut(at.event, command)) notAskedFor(at, findings)
    seen.add(at.event.type)
  }
}

/** Compares the events that name a person and no command with what else people ask for: launches, and that sides be settled. */
export function verifyWithoutCommand(expected: Expected, findings: Findings): void {
  const settling = [...[...expected.carriedOut.values()].flat(), ...expected.withoutCommand].filter(
    ({ event }) => settles(event),
  )
  for (const at of expected.withoutCommand) {
    const { event, sequence } = at
    const launch = expected.launches.get(event.migration)?.actor
    const isAskedFor =
      byTheDoor.has(event.type) ||
      (event.type === 'launched' && launch !== undefined && isActor(launch, event.actor)) ||
      (followsSettling(event) &&
        settling.some(
          ({ event: other }) => other.migration === event.migration && isActor(other.actor, event.actor),
        ))
    if (isAskedFor) continue
    if (sequence < (expected.firstCommand ?? Infinity)) findings.earlier('event', 'content.command')
    else notAskedFor(at, findings)
  }
}

/** An event that says of a person what is not on record of that person. */
export function notAskedFor({ event, sequence }: EventAt, findings: Findings): void {
  const { migration, type, actor } = event
  const record = `${migration}/${String(event.sequence)}`
  const { account } = actor
  findings.add({
    ...{ table: 'event', record, column: 'content.actor', sequence, found: account, expected: '—' },
    what: said('audit-not-asked-for', { record, type, account }),
    next: said('audit-next-not-asked-for', { account }),
  })
}
