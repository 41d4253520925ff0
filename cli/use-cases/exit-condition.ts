import { isOver, phases, type MigrationView } from '../../api/contract.ts'
import { UsageError } from '../command-line/errors.ts'
import { sentence } from '../language/message.ts'
import { migrationMessages as m } from '../messages/migration.ts'

type Condition = (view: MigrationView) => boolean

const conditions: Readonly<Record<string, Condition>> = {
  /** A person has to do something before it goes on. */
  waiting: (view) => view.waitingFor.some(({ roles }) => roles.length > 0),
  blocked: ({ standing }) => standing === 'blocked',
  recognised: ({ recognised }) => recognised,
  closed: ({ standing }) => standing === 'closed',
  aborted: ({ standing }) => standing === 'aborted',
  ended: isOver,
  ...Object.fromEntries(phases.map((phase): [string, Condition] => [phase, (view) => view.phase === phase])),
}

/** What `--exit-when` waits for: any of these. Throws UsageError, which names what is known. */
export function exitCondition(...names: readonly string[]): Condition {
  const wanted = names.map(conditionOf)
  return (view) => wanted.some((condition) => condition(view))
}

function conditionOf(name: string): Condition {
  const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined
  if (condition !== undefined) return condition
  throw new UsageError(
    sentence(m.unknownCondition, { condition: name, known: Object.keys(conditions).join(', ') }),
  )
}

/** Whether the move is over: no condition that does not hold now will ever hold. */
export const isEnded = isOver

/** What differs when a move has changed: its events alone do not tell that its workflow has ended. */
export const changeMark = ({ sequence, standing }: Pick<MigrationView, 'sequence' | 'standing'>): string =>
  `${String(sequence)} ${standing}`
