import { canonicalJson } from '../../../domain/canonical-json.ts'
import type { Said } from '../../../domain/words/message.ts'
import { say } from '../../../domain/words/said.ts'
import type { Disposal, FoundAtPlace, OpenedDataset, RemovalOptions } from '../../../families/family.ts'
import { loadFamily } from '../../../families/index.ts'
import { digestOf } from '../../ssh/replace-file.ts'
import { rootHost } from '../../ssh/root-host.ts'
import { implementKind } from '../implement-kind.ts'
import type { StepContext, StepResult } from '../kind.ts'
import { assertReleased } from '../released.ts'
import { NotWipedError } from './errors.ts'
import { type WipeParams, wipe } from './params.ts'

/** The inventory from before the removal: the files, and the dataset if there is one. */
interface Inventory extends FoundAtPlace {
  readonly files: number
  readonly digest: string
  readonly database: FoundAtPlace | null
}

/** What a step wipes: the folders, and the dataset if it names one. */
interface Wiped {
  readonly folders: OpenedDataset
  readonly dataset: OpenedDataset | undefined
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
    const wiped = await opened(params, context)
    const options = { mayBeEmpty: params.mayBeEmpty, overwrite: params.overwrite, signal: context.signal }
    if (wiped.dataset !== undefined) await wiped.dataset.family.removal.check(wiped.dataset.handle)
    // An interrupted run may have removed a part already, so the inventory of the first run counts.
    const known = context.marks.find(({ name }) => name === 'inventory')?.detail as Inventory | undefined
    const before = known ?? (await inventory(wiped, options))
    if (known === undefined) await context.mark('inventory', before)
    await remove(wiped, before, options)
    return proofOf(params, before, keptUntil, disposalOf(wiped, before, options))
  },
})

async function opened({ host, paths, database, asRoot }: WipeParams, context: StepContext): Promise<Wiped> {
  const family = await loadFamily('files')
  const handle = family.open(
    { host, path: paths },
    {
      called: host,
      host: (name) => (asRoot ? rootHost(context.host(name)) : context.host(name)),
      secret: (name, use) => context.secret(name, use),
    },
  )
  return {
    folders: { family, handle },
    dataset: database === undefined ? undefined : await context.anyDataset(database),
  }
}

async function inventory({ folders, dataset }: Wiped, options: RemovalOptions): Promise<Inventory> {
  const files = (await folders.family.removal.find(folders.handle, options)) as Omit<Inventory, 'database'>
  const database = dataset === undefined ? null : await dataset.family.removal.find(dataset.handle, options)
  return { ...files, database }
}

/** @throws NotWipedError */
async function remove(
  { folders, dataset }: Wiped,
  before: Inventory,
  options: RemovalOptions,
): Promise<void> {
  const both = [
    ...(dataset === undefined || before.database === null ? [] : [{ ...dataset, found: before.database }]),
    { ...folders, found: before },
  ]
  for (const { family, handle, found } of both) await family.removal.remove(handle, found, options)
  const left: string[] = []
  for (const { family, handle, found } of both.toReversed())
    left.push(...(await family.removal.left(handle, found)))
  if (left.length > 0) throw new NotWipedError(left)
  // A record that stays behind of a removed side does no harm.
  for (const { family, handle } of both) await family.removal.forget(handle).catch(() => undefined)
}

/** What became of the bytes of folders and dataset, in both languages: a proof is read without this program. */
function disposalOf({ folders, dataset }: Wiped, before: Inventory, options: RemovalOptions) {
  const parts: Disposal[] = [
    ...(dataset === undefined || before.database === null
      ? []
      : [dataset.family.removal.disposal(dataset.handle, before.database, options)]),
    folders.family.removal.disposal(folders.handle, before, options),
  ]
  const all = (of: (part: Disposal) => readonly Said[]) =>
    parts.flatMap(of).map((what) => ({ ...what, zh: say('zh', what), en: say('en', what) }))
  return {
    overwritten: all((part) => part.overwritten),
    removedOnly: all((part) => part.removedOnly),
    stillThere: all((part) => part.stillThere),
    notLookedAt: all((part) => part.notLookedAt),
  }
}

function proofOf(
  { host, paths, database }: WipeParams,
  before: Inventory,
  keptUntil: string,
  disposal: ReturnType<typeof disposalOf>,
): StepResult {
  const proof = {
    host,
    paths,
    keptUntil,
    wipedAt: new Date().toISOString(),
    disposal,
    before,
    after: { paths: 'absent', database: database === undefined ? null : 'absent' },
  }
  return {
    proofDigest: digestOf(canonicalJson(proof)),
    removedBytes: before.bytes + (before.database?.bytes ?? 0),
    files: before.files,
    filesDigest: before.digest,
    proof,
  }
}
