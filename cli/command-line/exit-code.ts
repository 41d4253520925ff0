/** What the program ends with. Scripts rely on these numbers: they never change their meaning. */
export const exitCodes = {
  ok: 0,
  /** The server refused, or what was asked has failed. */
  refused: 1,
  /** The command line or a file it names is wrong. */
  usage: 2,
  /** The condition of `--exit-when` does not hold (yet). */
  waiting: 3,
  unreachable: 4,
  notSignedIn: 5,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
