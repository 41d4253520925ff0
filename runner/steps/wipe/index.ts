import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Identifier } from '../../../domain/identifier.ts'
import { withClient } from '../../postgres/connections.ts'
import { dropDatabase, lookForDatabase } from '../../postgres/make-database.ts'
import { assertNotBefore } from '../../replication/errors.ts'
import { assertClosed, forgetOldSide } from '../../replication/old-side.ts'
import { quote, quoteAll } from '../../ssh/quote.ts'
import type { DatabasePort, HostPort, StepContext, StepKind, StepResult } from '../kind.ts'
import { NotWipedError } from './errors.ts'

/** At least two levels below the root: a slip of the pen must not wipe a whole system. */
const WipedPath = z
  .string()
  .regex(/^\/[^/\0]+\/[^\0]*[^/\0]$/, 'must be an absolute path at least two levels deep')
  .refine((path) => !path.split('/').includes('..'), 'must not contain ".."')

const WipeParams = z.strictObject({
  host: Identifier,
  /** Database that is dropped. */
  database: Identifier.optional(),
  /** Folders and files that are removed with all that is in them. */
  paths: z.array(WipedPath).default([]),
  /** The instant before which nothing is disposed of, whoever asks. */
  notBefore: z.iso.datetime({ offset: true }),
  /** Overwrite files with zeros before removing them (`shred`). */
  overwrite: z.boolean().default(true),
})
type WipeParams = z.infer<typeof WipeParams>

interface Inventory {
  readonly files: number
  readonly bytes: number
  /** SHA-256 over the sorted list of every file with its own SHA-256. */
  readonly digest: string
  readonly database: { readonly name: string; readonly bytes: number; readonly tables: number } | null
}

/** Removes the old data for good, with proof: what was there, by digest, and that it is there no more. */
export const wipe: StepKind<WipeParams, null> = {
  name: 'wipe',
  title: { zh: '清除旧数据并取证', en: 'Wipe the old data, with proof' },
  params: WipeParams,
  uses: ({ host, database }) => ({ hosts: [host], databases: database === undefined ? [] : [database] }),
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan({ host, database, paths, notBefore, overwrite }) {
    const part = (name: string, title: string) => ({ do: 'procedure' as const, name, title })
    return [
      part('not-before', `refuse before ${notBefore}`),
      part('inventory', `list every file below ${paths.join(', ')} on "${host}" with its SHA-256`),
      ...(database === undefined ? [] : [part('drop', `drop database "${database}"`)]),
      ...(paths.length === 0
        ? []
        : [part('remove', `${overwrite ? 'overwrite and ' : ''}remove ${paths.join(', ')}`)]),
      part('prove', 'check that nothing of it is left'),
    ]
  },
  async carryOut(params, _facts, _commands, context) {
    assertNotBefore(params.notBefore)
    if (params.database !== undefined) await assertMayDrop(context.database(params.database))
    // A run that was cut off half-way has removed part already: what was there is what the first one saw.
    const known = context.marks.find(({ name }) => name === 'inventory')?.detail as Inventory | undefined
    const before = known ?? (await inventory(params, context))
    if (known === undefined) await context.mark('inventory', before)
    return remove(params, before, context)
  },
}

/** A database that is gone already was dropped by an earlier run. @throws OldSideNotClosedError */
async function assertMayDrop(port: DatabasePort): Promise<void> {
  if ((await lookForDatabase(port)).exists) await assertClosed(port)
}

async function inventory(params: WipeParams, context: StepContext): Promise<Inventory> {
  const files = await listFiles(context.host(params.host), params.paths, context.signal)
  return { ...files, database: await lookAtDatabase(params, context) }
}

async function listFiles(
  host: HostPort,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ files: number; bytes: number; digest: string }> {
  if (paths.length === 0) return { files: 0, bytes: 0, digest: digestOf('') }
  const words = quoteAll(paths)
  const { stdout } = await host.run(
    `export LC_ALL=C; set -- ${words}
for p do if [ -e "$p" ]; then find "$p" -type f -printf '%s\\n'; fi; done | awk '{ n += 1; s += $1 } END { printf "%d %d\\n", n, s }'
for p do if [ -e "$p" ]; then find "$p" -type f -print0; fi; done | sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1`,
    { signal },
  )
  const [counts = '0 0', digest = ''] = stdout.trim().split('\n')
  const [files = 0, bytes = 0] = counts.split(' ').map(Number)
  return { files, bytes, digest }
}

async function lookAtDatabase(
  { database }: WipeParams,
  context: StepContext,
): Promise<Inventory['database']> {
  if (database === undefined) return null
  const port = context.database(database)
  const { exists, tables } = await lookForDatabase(port)
  if (!exists) return { name: port.database, bytes: 0, tables: 0 }
  const bytes = await withClient(
    port,
    'wipe',
    async (client) => {
      const { rows } = await client.query<{ bytes: number }>('select pg_database_size($1)::float8 as bytes', [
        port.database,
      ])
      return rows[0]?.bytes ?? 0
    },
    'postgres',
  )
  return { name: port.database, bytes, tables: tables.length }
}

async function remove(params: WipeParams, before: Inventory, context: StepContext): Promise<StepResult> {
  const host = context.host(params.host)
  if (params.database !== undefined) await dropDatabase(context.database(params.database))
  for (const path of params.paths) {
    const target = quote(path)
    // Removed by unlink: by default shred renames a file a dozen times, waiting for the disk after each.
    const shred = `if [ -e ${target} ]; then find ${target} -type f -exec shred -n 0 -z -f --remove=unlink {} +; fi`
    await host.run(`set -e; ${params.overwrite ? `${shred}; ` : ''}rm -rf -- ${target}; sync`, {
      signal: context.signal,
    })
  }
  const left = await whatIsLeft(params, context)
  if (left.length > 0) throw new NotWipedError(left)
  if (params.database !== undefined)
    await forgetOldSide(context.database(params.database)).catch(() => undefined)
  const proof = {
    host: params.host,
    paths: params.paths,
    notBefore: params.notBefore,
    wipedAt: new Date().toISOString(),
    overwritten: params.overwrite,
    before,
    after: { paths: 'absent', database: params.database === undefined ? null : 'absent' },
  }
  return {
    proofDigest: digestOf(JSON.stringify(proof)),
    removedBytes: before.bytes + (before.database?.bytes ?? 0),
    files: before.files,
    filesDigest: before.digest,
    proof,
  }
}

async function whatIsLeft(params: WipeParams, context: StepContext): Promise<readonly string[]> {
  const left: string[] = []
  for (const path of params.paths) {
    const { exitCode } = await context
      .host(params.host)
      .run(`[ ! -e ${quote(path)} ] && [ ! -L ${quote(path)} ]`, {
        okExitCodes: [0, 1],
      })
    if (exitCode !== 0) left.push(path)
  }
  if (params.database !== undefined) {
    const port = context.database(params.database)
    if ((await lookForDatabase(port)).exists) left.push(`database ${port.database}`)
  }
  return left
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
