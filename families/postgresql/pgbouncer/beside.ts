import { textOf } from '../../../runner/ssh/file-text.ts'
import { changeFile } from '../../../runner/ssh/replace-file.ts'
import type { DatabasePort } from '../database.ts'
import type { BesideEntry, Entry, Pair } from '../entry/entry.ts'
import { Console } from './admin.ts'
import { putEntry, readEntry, removeEntry } from './databases-file.ts'
import { EntryOfOthersError } from './errors.ts'
import { place } from '../place.ts'
import type { Pooler } from './pooler.ts'
import { reloadOrPutBack } from './reload-check.ts'
import { targetOf } from './target.ts'

/**
 * A line of its own in the file of the real entry, through which clients of the real application's role come to a copy as the copy's own
 * role.
 */
export function pooledBeside(
  pooler: Pooler,
  { from }: Pair,
  real: DatabasePort,
  entryOf: (pooler: Pooler) => Entry,
): BesideEntry {
  const name = from.database
  const loginOf = async () => ({ user: real.appRoles[0] ?? '', password: await real.appPassword() })
  const { address, port, weakLogin } = pooler.console
  return {
    entry: async () => entryOf({ ...pooler, name, login: await loginOf() }),
    doors: async () => [{ address, port, weakLogin, database: name, ...(await loginOf()) }],
    lay: async () => {
      const settings = { user: name, password: await from.appPassword() }
      await changeEntry(
        pooler,
        (content) => putEntry(content, name, targetOf(from), settings),
        async (console) => reloadOrPutBack(console, { ...pooler, name }, (look) => look !== undefined),
      )
    },
    assertNobodys: async () => {
      const { text } = textOf(await pooler.host.readFile(pooler.file))
      const found = readEntry(text, name)
      if (found !== undefined)
        throw new EntryOfOthersError(pooler.file, name, place({ ...found, address: found.host }))
    },
    clear: async () =>
      changeEntry(
        pooler,
        (content) => removeEntry(content, name),
        async (console) => console.reloadBesideClients(),
      ),
  }
}

async function changeEntry(
  { host, file, console: where }: Pooler,
  change: (content: string) => string,
  reload: (console: Console) => Promise<void>,
): Promise<void> {
  if ((await changeFile(host, file, change)) === 'already so') return
  const console = await Console.open(where)
  try {
    await reload(console)
  } finally {
    await console.close()
  }
}
