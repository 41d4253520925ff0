import type pg from 'pg'
import { saidBy } from '../../../domain/errors.ts'
import type { DatabasePort } from '../database.ts'
import { differencesOf } from '../differences/alike.ts'
import { changeOnBothSides } from '../replication/ddl-freeze.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import { SchemaChangeHalfMadeError, SchemaChangeRefusedError } from './errors.ts'

export interface SchemaChangePlan {
  /** The side that serves. */
  readonly serves: DatabasePort
  /** The side that follows it. */
  readonly follows: DatabasePort
  /** The same change again under the same name goes on where it stopped, and is made once. */
  readonly id: string
  readonly sql: string
  /** The role it is made as, where the tables have several owners. */
  readonly role?: string
  /** An earlier run was cut off, and one side may have it. */
  readonly mayBeHalfMade: boolean
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Both sides, opened, with the link between them. */
export interface OpenPair {
  readonly serves: ConnectedSide
  readonly follows: ConnectedSide
  readonly link: string
  /** The side that follows has it from a run that ended before the other one had. */
  readonly isResumed: boolean
}

/** What an error comes to where nothing can have been changed, and where one side may have the change. */
export const refusing =
  ({ follows, serves }: SchemaChangePlan, mayBeHalfMade: boolean) =>
  (error: unknown): never => {
    if (mayBeHalfMade)
      throw new SchemaChangeHalfMadeError(sideName(follows), sideName(serves), { cause: error })
    if (error instanceof SchemaChangeRefusedError) throw error
    throw new SchemaChangeRefusedError([saidBy(error)], { cause: error })
  }

/** What sides may differ in and still have one and the same change: replication goes by the names of columns. */
const beside =
  /^(?:order of columns|owner of|privileges of|default privileges|setting|database|role|password of|memberships of|settings of) /

/** Whether both sides have the same schema, whoever made it so. */
export async function areAlike(serves: ConnectedSide, follows: ConnectedSide): Promise<boolean> {
  const { unwaived } = await differencesOf({
    from: follows,
    to: serves,
    given: { waivers: {} },
    moment: 'precheck',
  })
  return unwaived.every((name) => beside.test(name))
}

export type Which = 'follows' | 'serves'

export async function isMade(client: pg.Client, id: string, which: Which): Promise<boolean> {
  const { rowCount } = await client.query('select from qianyun.ddl where id = $1', [`${id}/${which}`])
  return rowCount !== 0
}

/** Recorded with the change itself. The row of the side that serves arrives on the other one under a name of its own. */
export async function record(client: pg.Client, { id }: SchemaChangePlan, which: Which): Promise<void> {
  await client.query(
    `insert into qianyun.ddl (id, command, object, by_role) values ($1, '${changeOnBothSides}', $2, session_user)`,
    [`${id}/${which}`, id],
  )
}
