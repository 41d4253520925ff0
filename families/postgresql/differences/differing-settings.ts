import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import type { ComparedSide } from './compare.ts'
import type { Difference } from './difference.ts'
import { atLeast, listsOfLibraries, notCarried, onIsEnough } from './may-differ.ts'
import { type Setting, readSettings } from './settings.ts'
import { settingStatement } from './setting-statement.ts'

/**
 * Differing settings of the servers, as sessions of the database see them, that change the meaning or the success of a statement.
 * @param place the database in which to ask; default: the side's own, unless it does not exist
 */
export async function differingSettings(
  from: ComparedSide,
  to: ComparedSide,
  place: (port: DatabasePort) => string = ({ database }) => database,
): Promise<readonly Difference[]> {
  const [left, right] = await Promise.all(
    [from, to].map(async ({ port, fenced }) =>
      withClient(port, 'compare', async (client) => readSettings(client, port, fenced), place(port)),
    ),
  )
  return heldAgainst(left ?? new Map(), right ?? new Map(), from.port, to.port)
}

type Settings = ReadonlyMap<string, Setting>

/** Pure. */
export function heldAgainst(
  from: Settings,
  to: Settings,
  fromPort: Pick<DatabasePort, 'called'>,
  toPort: Pick<DatabasePort, 'called' | 'database'>,
): readonly Difference[] {
  const names = [...new Set([...from.keys(), ...to.keys()])].toSorted()
  return names.flatMap((name) => {
    const [left, right] = [from.get(name), to.get(name)]
    const isWayBack = fromPort.called === 'target' || toPort.called === 'source'
    if (left?.value === right?.value || isGoodEnough(name, left, right, isWayBack)) return []
    return [difference(name, left, right, toPort.database)]
  })
}

/** A version without a setting behaves like the other one with the default. */
function isGoodEnough(
  name: string,
  left: Setting | undefined,
  right: Setting | undefined,
  isWayBack: boolean,
): boolean {
  if (left === undefined || right === undefined) return (left ?? right)?.isDefault === true
  if (onIsEnough.has(name)) return isWayBack || right.value === 'on'
  if (!atLeast.has(name) && !listsOfLibraries.has(name)) return false
  // The old side's own value was enough for it before, and is enough after a way back.
  if (isWayBack) return true
  if (atLeast.has(name))
    return isUnlimited(right) || (!isUnlimited(left) && Number(right.value) >= Number(left.value))
  const there = new Set(items(right.value))
  return items(left.value).every((item) => there.has(item))
}

const isUnlimited = ({ value }: Setting): boolean => value === '-1'
const items = (list: string): readonly string[] => list.split(/\s*,\s*/).filter((item) => item !== '')

function difference(
  name: string,
  left: Setting | undefined,
  right: Setting | undefined,
  database: string,
): Difference {
  const isOfSession = ['user', 'superuser'].includes((left ?? right)?.context ?? '')
  const isCarried = isOfSession && left !== undefined && right !== undefined && !notCarried.has(name)
  const isCustom = isOfSession && name.includes('.') && left !== undefined
  return {
    kind: 'setting',
    identity: name,
    from: left?.value,
    to: right?.value,
    statements: left === undefined ? [] : [statement(name, left, database, isOfSession)],
    carried: isCarried || isCustom,
  }
}

function statement(
  name: string,
  { value, context }: Setting,
  database: string,
  isOfSession: boolean,
): string {
  if (isOfSession) return settingStatement({ database }, name, value)
  return `alter system set ${name} = '${value.replaceAll("'", "''")}'${context === 'postmaster' ? ' -- takes a restart' : ''}`
}
