import { accountsOf, isFollower, lockAccounts } from '../server/accounts.ts'
import { account, text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'

/**
 * Makes the accounts and roles of the source, each locked from its first moment on. Their rights come once there is what they are for.
 * @returns how many
 */
export async function copyAccounts(source: Session, target: Session): Promise<number> {
  const [found, there] = await Promise.all([accountsOf(source, []), accountsOf(target, [])])
  const known = found.filter((one) => !isFollower(one))
  for (const { isRole, ...one } of there)
    await target.run(isRole ? `DROP ROLE IF EXISTS ${text(one.user)}` : `DROP USER IF EXISTS ${account(one)}`)
  for (const role of known.filter(({ isRole }) => isRole)) await target.run(`CREATE ROLE ${text(role.user)}`)
  for (const { locked, ...one } of known.filter(({ isRole }) => !isRole)) {
    const shown = await source.row(`SHOW CREATE USER ${account(one)}`)
    const sql = String(Object.values(shown)[0])
    await target.run(locked ? sql : `${sql} ACCOUNT LOCK`)
  }
  await lockAccounts(
    target,
    known.filter(({ isRole }) => !isRole),
  )
  return known.length
}

/** Gives the accounts of the source the rights they have there; as far as can be, before there is everything they are for. */
export async function copyGrants(
  source: Session,
  target: Session,
  howFar: 'as-far-as-can-be' | 'all',
): Promise<void> {
  const known = (await accountsOf(source, [])).filter((one) => !isFollower(one))
  const rolesFirst = known.toSorted((one, other) => Number(other.isRole) - Number(one.isRole))
  for (const { isRole, ...one } of rolesFirst) {
    const grants = await source.rows(
      isRole ? `SHOW GRANTS FOR ${text(one.user)}` : `SHOW GRANTS FOR ${account(one)}`,
    )
    for (const grant of grants)
      await target.run(String(Object.values(grant)[0])).catch((error: unknown) => {
        if (howFar === 'all') throw error
      })
  }
}
