import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { Disposal } from '../family.ts'
import type { Medium } from './inventory.ts'
import type { FilesFound } from './removal.ts'

/** File systems that overwrite a file's blocks in place; others write new content to other blocks, or to another host. */
const writesInPlace = /^(ext2\/ext3|ext[234]|xfs|jfs|msdos|vfat|exfat|ntfs3?)$/

/** Whether a single pass of zeros is what NIST SP 800-88 calls "clear" there. */
function isCleared({ fileSystem, rotational, virtual }: Medium): boolean {
  return rotational === true && virtual !== true && writesInPlace.test(fileSystem)
}

/** The disposal of the bytes of files. */
export function disposalOf(found: FilesFound, { overwrite }: { readonly overwrite: boolean }): Disposal {
  const { files, bytes, leadsOut, media = [] } = found
  const lies = (one: Medium): Said =>
    said(
      one.virtual === true
        ? 'medium-virtual'
        : one.rotational === undefined
          ? 'medium-unknown'
          : one.rotational
            ? 'medium-magnetic'
            : 'medium-solid-state',
      { place: one.place, fileSystem: one.fileSystem },
    )
  const cleared = overwrite ? media.filter(isCleared) : []
  const doubtful = overwrite ? media.filter((one) => !isCleared(one)) : []
  return {
    overwritten: [
      ...(files > 0 && cleared.length > 0
        ? [said('wiped-cleared', { files, bytes, media: cleared.map(lies) })]
        : []),
    ],
    removedOnly: [
      ...(files > 0 && !overwrite ? [said('wiped-files-removed', { files, bytes })] : []),
      ...(files > 0 && (doubtful.length > 0 || (overwrite && media.length === 0))
        ? [
            said('wiped-written-elsewhere', {
              media: doubtful.length > 0 ? doubtful.map(lies) : [said('medium-not-known')],
            }),
          ]
        : []),
      said('wiped-names'),
    ],
    stillThere: leadsOut.count > 0 ? [said('wiped-links-out', { ...leadsOut })] : [],
    notLookedAt: [
      said('wipe-not-snapshots'),
      said('wipe-not-backups'),
      said('wipe-not-traces'),
      said('wipe-not-other-copies'),
      said('wipe-not-purged'),
    ],
  }
}
