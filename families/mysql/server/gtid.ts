/** A transaction of MariaDB: the domain it is ordered in, the server that made it, its number there. */
export interface Gtid {
  readonly domain: number
  readonly server: number
  readonly sequence: bigint
}

/** Reads `0-1-100,1-2-7`. What is no such list is no position. */
export function gtidsOf(list: string): readonly Gtid[] {
  return list.split(',').flatMap((one) => {
    const found = /^\s*(\d+)-(\d+)-(\d+)\s*$/.exec(one)
    return found === null
      ? []
      : [{ domain: Number(found[1]), server: Number(found[2]), sequence: BigInt(found[3] ?? 0) }]
  })
}

/** Whether a position has everything that another one has. */
export function covers(position: string, other: string): boolean {
  const reached = gtidsOf(position)
  return gtidsOf(other).every(({ domain, sequence }) =>
    reached.some((one) => one.domain === domain && one.sequence >= sequence),
  )
}

/** Transactions a server made by itself, by the state of its log, that are newer than those on record. */
export function newerOf(server: number, state: string, onRecord: string): readonly string[] {
  const known = gtidsOf(onRecord).filter((one) => one.server === server)
  return gtidsOf(state)
    .filter((one) => one.server === server)
    .filter(
      ({ domain, sequence }) =>
        !known.some((before) => before.domain === domain && before.sequence >= sequence),
    )
    .map(({ domain, sequence }) => `${String(domain)}-${String(server)}-${String(sequence)}`)
}
