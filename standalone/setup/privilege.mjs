import { run } from './run.mjs'

/** The words to put before a command of root's: none for root, sudo where it asks for no password; undefined where neither is open. */
export async function becomeRoot() {
  if (process.getuid?.() === 0) return []
  const { code } = await run('sudo', ['-n', 'true'])
  return code === 0 ? ['sudo', '-n'] : undefined
}
