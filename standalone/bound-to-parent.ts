import { existsSync } from 'node:fs'

const setpriv = '/usr/bin/setpriv'

/**
 * The command that runs a program so that the kernel sends it `signal` when the process that started it is gone, however
 * that ended. Where there is no setpriv (it is part of util-linux), the program runs without it.
 */
export function boundToParent(
  signal: 'SIGTERM' | 'SIGINT',
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  if (!existsSync(setpriv)) return { command, args }
  return { command: setpriv, args: ['--pdeathsig', signal.slice('SIG'.length), '--', command, ...args] }
}
