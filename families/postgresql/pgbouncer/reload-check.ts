import { randomUUID } from 'node:crypto'
import { changeFile } from '../../../runner/ssh/replace-file.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { Console } from './admin.ts'
import { putEntry, removeEntry } from './databases-file.ts'
import { EntryUnknownError, ReloadIgnoredError } from './errors.ts'

const checkEntry = 'qianyun_reload_check'

/**
 * Proves that pgbouncer takes this very file over at a RELOAD, by an entry that comes and goes. It answers RELOAD with yes
 * also when it could not read its configuration, or when the file is none of it, and goes on pointing where it did.
 * @throws ReloadIgnoredError
 */
export async function assertReloads(host: HostPort, file: string, console: Console): Promise<void> {
  const database = `check_${randomUUID()}`
  const target = { host: '127.0.0.1', port: 1, database }
  await changeFile(host, file, (content) => putEntry(content, checkEntry, target))
  try {
    await console.reload()
    const found = await console.look(checkEntry).catch((error: unknown) => {
      if (error instanceof EntryUnknownError) return undefined
      throw error
    })
    if (found?.database !== database) throw new ReloadIgnoredError(file)
  } finally {
    await changeFile(host, file, (content) => removeEntry(content, checkEntry))
    await console.reload()
  }
}
