import { MysqlBusyError } from '../errors.ts'
import { text } from '../server/quote.ts'
import type { Numeral, Session } from '../server/session.ts'
import type { MysqlSide } from '../side.ts'

/** Longer than a run needs that is being undone. */
const patienceSeconds = 15

/**
 * Does something while no other run works on these sides. A server lets go of a run that is killed; one that does not answer is not held, and its
 * own record keeps two runs apart.
 * @throws MysqlBusyError
 */
export async function alone<T>(sides: readonly MysqlSide[], work: () => Promise<T>): Promise<T> {
  const held: Session[] = []
  try {
    // Always in the same order: two runs would else wait for each other.
    for (const side of sides.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)))) {
      const session = await side.connect().catch(() => undefined)
      if (session === undefined) continue
      held.push(session)
      const { got } = await session.row<{ got: number | null }>(
        `SELECT GET_LOCK(${lockOf(side)}, ${String(patienceSeconds)}) AS got`,
      )
      if (Number(got) !== 1) throw new MysqlBusyError(side.name)
    }
    return await work()
  } finally {
    await Promise.all(held.map(async (session) => session.end()))
  }
}

/** Whether some run works on a side at this moment. */
export async function isWorkedOn(session: Session, side: MysqlSide): Promise<boolean> {
  const { by } = await session.row<{ by: Numeral | null }>(`SELECT IS_USED_LOCK(${lockOf(side)}) AS \`by\``)
  return by !== null
}

const lockOf = ({ database }: MysqlSide): string => text(`qianyun/${database}`.slice(0, 64))
const keyOf = ({ address, port, database }: MysqlSide): string => `${address}:${String(port)}/${database}`
