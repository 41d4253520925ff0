import { canonicalJson } from '../../../domain/canonical-json.ts'
import { withClient } from '../../../families/postgresql/server/connections.ts'
import { dropDatabase, lookForDatabase } from '../../../families/postgresql/copy/make-database.ts'
import { assertReleased } from '../../../families/postgresql/replication/errors.ts'
import { assertClosed, forgetOldSide } from '../../../families/postgresql/replication/old-side.ts'
import { quote, quoteAll } from '../../ssh/quote.ts'
import { digestOf } from '../../ssh/replace-file.ts'
import type { DatabasePort, StepContext, StepResult } from '../kind.ts'
import { NotWipedError, NothingToWipeError } from './errors.ts'
import { type FileInventory, type Targets, findTargets, listFiles } from './inventory.ts'
import { implementKind } from '../implement-kind.ts'
import { type WipeParams, wipe } from './params.ts'

interface Inventory extends FileInventory {
  readonly targets: Targets
  readonly database: { readonly name: string; readonly bytes: number; readonly tables: number } | null
}

/** Carries {@link wipe} out. */
export const implementation = implementKind<WipeParams, null>(wipe, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan({ host, database, paths, overwrite }) {
    const part = (name: string, title: string) => ({ do: 'procedure' as const, name, title })
    return [
      part('released', 'refuse before retention is over and the old side released'),
      part('inventory', `list every file below ${paths.join(', ')} on "${host}" with its SHA-256`),
      ...(database === undefined ? [] : [part('drop', `drop database "${database}"`)]),
      ...(paths.length === 0
        ? []
        : [part('remove', `${overwrite ? 'overwrite and ' : ''}remove ${paths.join(', ')}`)]),
      part('prove', 'check that nothing of it is left'),
    ]
  },
  async carryOut(params, _facts, _commands, context) {
    const keptUntil = await assertReleased(context)
    if (params.database !== undefined) await assertMayDrop(context.database(params.database))
    // A run that was cut off half-way has removed part already: what was there is what the first one saw.
    const known = context.marks.find(({ name }) => name === 'inventory')?.detail as Inventory | undefined
    const before = known ?? (await inventory(params, context))
    if (known === undefined) await context.mark('inventory', before)
    return remove(params, { before, keptUntil }, context)
  },
})

/** A database that is gone already was dropped by an earlier run. @throws OldSideNotClosedError */
async function assertMayDrop(port: DatabasePort): Promise<void> {
  if ((await lookForDatabase(port)).exists) await assertClosed(port)
}

async function inventory(params: WipeParams, context: StepContext): Promise<Inventory> {
  const host = context.host(params.host)
  const targets = await findTargets(host, params.paths, context.signal)
  const files = await listFiles(host, targets, context.signal)
  if (files.files === 0 && params.paths.length > 0 && !params.mayBeEmpty)
    throw new NothingToWipeError(params.paths)
  return { ...files, targets, database: await lookAtDatabase(params, context) }
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

async function remove(
  params: WipeParams,
  { before, keptUntil }: { readonly before: Inventory; readonly keptUntil: string },
  context: StepContext,
): Promise<StepResult> {
  const host = context.host(params.host)
  if (params.database !== undefined) await dropDatabase(context.database(params.database))
  const places = [...before.targets.real, ...before.targets.copies]
  for (const place of places) {
    const target = quote(place)
    // Removed by unlink: by default shred renames a file a dozen times, waiting for the disk after each.
    const shred = `if [ -e ${target} ]; then find ${target} -type f -exec shred -n 0 -z -f --remove=unlink {} +; fi`
    await host.run(`set -e; ${params.overwrite ? `${shred}; ` : ''}rm -rf -- ${target}; sync`, {
      signal: context.signal,
    })
  }
  // A path that was a link still is one, to nothing.
  if (params.paths.length > 0)
    await host.run(
      `for path in ${quoteAll(params.paths)}; do if [ -L "$path" ]; then rm -f -- "$path"; fi; done`,
    )
  const left = await whatIsLeft(params, places, context)
  if (left.length > 0) throw new NotWipedError(left)
  if (params.database !== undefined)
    await forgetOldSide(context.database(params.database)).catch(() => undefined)
  const proof = {
    host: params.host,
    paths: params.paths,
    keptUntil,
    wipedAt: new Date().toISOString(),
    overwritten: params.overwrite,
    before,
    after: { paths: 'absent', database: params.database === undefined ? null : 'absent' },
  }
  return {
    proofDigest: digestOf(canonicalJson(proof)),
    removedBytes: before.bytes + (before.database?.bytes ?? 0),
    files: before.files,
    filesDigest: before.digest,
    proof,
  }
}

async function whatIsLeft(
  params: WipeParams,
  places: readonly string[],
  context: StepContext,
): Promise<readonly string[]> {
  const { stdout } = await context
    .host(params.host)
    .run(
      `for path in ${quoteAll([...params.paths, ...places])}; do if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\\n' "$path"; fi; done`,
    )
  const left = [...new Set(stdout.split('\n').filter((path) => path !== ''))]
  if (params.database !== undefined) {
    const port = context.database(params.database)
    if ((await lookForDatabase(port)).exists) left.push(`database ${port.database}`)
  }
  return left
}
