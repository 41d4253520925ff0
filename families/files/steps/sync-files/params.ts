import { z } from 'zod'
import { FilePath } from '../../../../domain/absolute-path.ts'
import { Identifier } from '../../../../domain/identifier.ts'
import { Bandwidth } from '../../../../domain/plan/bandwidth.ts'
import type { Carries } from './carries.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

const Place = z.strictObject({
  host: Identifier,
  /** A folder. Its contents are synchronised, not the folder itself. */
  path: FilePath,
})

export const SyncFilesParams = z.strictObject({
  from: Place,
  to: Place,
  /** Whether files that are not at `from` are removed at `to`. */
  delete: z.boolean().default(false),
  /** Whether files that were carried and are no longer at `from` stay at `to`, or are moved out of the folder there. */
  gone: z.enum(['keep', 'aside']).default('keep'),
  /** Whether a file at `to` that is newer than its counterpart is replaced or kept. */
  newer: z.enum(['replace', 'keep']).default('replace'),
  exclude: z.array(z.string().min(1).max(400)).max(200).default([]),
  /** Whether owner and group are kept, by number; needs root at `to`. */
  owners: z.boolean().default(false),
  /** Attributes that are not copied although both hosts support them; the result names them. */
  without: z.array(z.enum(['acls', 'xattrs', 'holes'])).default([]),
  /** The limit of passes; they are repeated until one finds nothing to do. */
  passes: z.int().min(1).max(100).default(5),
  /** Whether the step fails if the last pass still found something to do. */
  mustBeFlat: z.boolean().default(false),
  /** Whether every file is read and compared on both sides at the end. Differences are a failure with `mustBeFlat`. */
  checksum: z.boolean().default(false),
  /** Whether a pass looks at the whole folder, or at what has changed there since a step last carried all of it. */
  scope: z.enum(['all', 'changed']).default('all'),
  /** What the passes may take of the network, by the hours of a day. */
  bandwidth: Bandwidth.exactOptional(),
})
export type SyncFilesParams = z.infer<typeof SyncFilesParams>

/** What one pass of rsync has done, or would do. */
export interface PassStats {
  /** Entries that differ in anything: content, mode, time. */
  readonly changes: number
  readonly files: number
  readonly bytes: number
  readonly deleted: number
  /** Entries that are not there yet, as far as rsync tells (3.1). */
  readonly created?: number
  readonly totalFiles: number
  readonly totalBytes: number
  /** Devices, which no pass copies: the number, and some names. */
  readonly skipped: { readonly count: number; readonly some: readonly string[] }
}

export interface SyncFilesFacts extends PassStats {
  readonly destinationExists: boolean
  /** Entries that would be moved aside; absent where none are to be. */
  readonly gone?: number
  readonly carries: Carries
  /** Owners and groups that are kept by a number which has another name at `to`; absent without `owners`. */
  readonly otherOwners?: readonly string[]
}

/** Synchronises a folder from one host to another by rsync, in passes until one finds nothing to do. */
export const syncFiles: StepDeclaration<SyncFilesParams> = {
  name: 'sync-files',
  title: { zh: '同步文件', en: 'Synchronise files' },
  params: SyncFilesParams,
  uses: ({ from, to }) => ({ hosts: [from.host, to.host] }),
  undoable: () => true,
}
