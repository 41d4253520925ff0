import { quote, quoteAll } from '../../runner/ssh/quote.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import type { Removal } from '../family.ts'
import { NothingToWipeError } from './errors.ts'
import { disposalOf } from './disposal.ts'
import {
  type FileInventory,
  type Medium,
  type Targets,
  findTargets,
  listFiles,
  mediaOf,
} from './inventory.ts'

/** Folders and files on one host. */
export interface FileTree {
  readonly host: HostPort
  readonly paths: readonly string[]
}

/** The files before the removal, for the proof. */
export interface FilesFound extends FileInventory {
  readonly targets: Targets
  /** Absent in the record of an older version. */
  readonly media?: readonly Medium[]
}

/** Removes folders and files with all that is in them, links followed, and the copies that earlier steps kept of them. */
export const removal: Removal<FileTree, FilesFound> = {
  check: async () => undefined,
  async find({ host, paths }, { mayBeEmpty, signal }) {
    const targets = await findTargets(host, paths, signal)
    const found = await listFiles(host, targets, signal)
    if (found.files === 0 && paths.length > 0 && !mayBeEmpty) throw new NothingToWipeError(paths)
    return { ...found, targets, media: await mediaOf(host, placesOf(targets), signal) }
  },
  async remove({ host, paths }, { targets }, { overwrite, signal }) {
    for (const place of placesOf(targets)) {
      const target = quote(place)
      // Removed by unlink: by default shred renames a file a dozen times, waiting for the disk after each.
      const shred = `if [ -e ${target} ]; then find ${target} -type f -exec shred -n 0 -z -f --remove=unlink {} +; fi`
      await host.run(`set -e; ${overwrite ? `${shred}; ` : ''}rm -rf -- ${target}; sync`, { signal })
    }
    // A path that was a link is still one, and leads nowhere.
    if (paths.length > 0)
      await host.run(`for path in ${quoteAll(paths)}; do if [ -L "$path" ]; then rm -f -- "$path"; fi; done`)
  },
  disposal: (_handle, found, options) => disposalOf(found, options),
  async left({ host, paths }, { targets }) {
    const { stdout } = await host.run(
      `for path in ${quoteAll([...paths, ...placesOf(targets)])}; do if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\\n' "$path"; fi; done`,
    )
    return [...new Set(stdout.split('\n').filter((path) => path !== ''))]
  },
  forget: async () => undefined,
}

function placesOf({ real, copies }: Targets): readonly string[] {
  return [...real, ...copies]
}
