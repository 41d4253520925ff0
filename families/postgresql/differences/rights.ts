/** One right of a catalog row; `who` is quoted for SQL. */
export interface Right {
  readonly who: string
  readonly what: string
  readonly grantable: boolean
}

/** The grants and revokes that make `to` like `from`. `on` is the middle of the statement: `on table desk.file`. */
export interface RightStatements {
  readonly grants: readonly string[]
  readonly revokes: readonly string[]
}

export function rightsOf(make: string | null | undefined): readonly Right[] {
  return make === null || make === undefined ? [] : (JSON.parse(make) as readonly Right[])
}

const key = ({ who, what, grantable }: Right): string => JSON.stringify([who, what, grantable])

/** @param on what they are rights on, given a right's word: columns stand between the two */
export function rightStatements(
  from: readonly Right[],
  to: readonly Right[],
  on: (what: string) => string,
  prefix = '',
): RightStatements {
  const [left, right] = [new Set(from.map(key)), new Set(to.map(key))]
  const missing = from.filter((one) => !right.has(key(one)))
  const beyond = to.filter((one) => !left.has(key(one)))
  // A right that lost only its grant option is not revoked as a whole.
  const keeps = ({ who, what }: Right) => from.some((one) => one.who === who && one.what === what)
  return {
    grants: missing
      .filter(
        ({ grantable, who, what }) => grantable || !to.some((one) => one.who === who && one.what === what),
      )
      .map(
        ({ who, what, grantable }) =>
          `${prefix}grant ${on(what)} to ${who}${grantable ? ' with grant option' : ''}`,
      ),
    revokes: beyond
      .filter((one) => one.grantable || !keeps(one))
      .map(
        (one) => `${prefix}revoke ${keeps(one) ? 'grant option for ' : ''}${on(one.what)} from ${one.who}`,
      ),
  }
}
