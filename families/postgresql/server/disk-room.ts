import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { DatabasePort } from '../database.ts'
import { oneRow } from './connections.ts'

/** Free bytes where a server keeps its log and its data; or why that is not known. */
export type DiskRoom =
  { readonly logFreeBytes: number; readonly dataFreeBytes: number } | { readonly unknownBecause: string }

const lookTimeoutMs = 10_000

/**
 * What is free on the disks of a server, by its host. A host that another server's data lies on says nothing of this one: the
 * number the server was initialised with is compared first.
 */
export async function diskRoom(client: pg.Client, port: DatabasePort): Promise<DiskRoom> {
  if (port.managed !== undefined)
    return { unknownBecause: 'it is a managed service, whose disks the service alone shows' }
  if (port.host === undefined) return { unknownBecause: 'no host is known for it' }
  try {
    const { directory, identifier } = await oneRow<{ directory: string; identifier: string }>(
      client,
      `select current_setting('data_directory') as directory, system_identifier::text as identifier from pg_control_system()`,
    )
    return await freeOn(port.host(), directory, identifier)
  } catch (error) {
    return { unknownBecause: messageOf(error) }
  }
}

async function freeOn(host: HostPort, directory: string, identifier: string): Promise<DiskRoom> {
  const { stdout } = await host.run(script(directory), { timeoutMs: lookTimeoutMs })
  const values = new Map(
    stdout.split('\n').flatMap((line) => {
      const found = /^(id|log|data)=\s*(\d+)$/.exec(line)
      return found === null ? [] : [[found[1], found[2] ?? ''] as const]
    }),
  )
  const [id, log, data] = ['id', 'log', 'data'].map((name) => values.get(name))
  if (id === undefined || log === undefined || data === undefined)
    return {
      unknownBecause: `the login user of host "${host.name}" cannot read "${directory}", and sudo does not let it`,
    }
  if (id !== identifier)
    return { unknownBecause: `"${directory}" on host "${host.name}" belongs to another server` }
  return { logFreeBytes: Number(log) * 1024, dataFreeBytes: Number(data) * 1024 }
}

function script(directory: string): string {
  const looks = `d="$1"
printf 'id=%s\\n' "$(head -c 8 "$d/global/pg_control" | od -An -tu8)"
printf 'log=%s\\n' "$(df -Pk "$d/pg_wal/." | awk 'NR == 2 { print $(NF - 2) }')"
printf 'data=%s\\n' "$(df -Pk "$d/." | awk 'NR == 2 { print $(NF - 2) }')"`
  return `d=${quote(directory)}
as=
[ -r "$d/global/pg_control" ] || as='sudo -n'
$as sh -c ${quote(looks)} look "$d" 2>/dev/null || true`
}
