import { z } from 'zod'
import { foldersOverlap, OwnFolder } from '../../domain/absolute-path.ts'
import { Identifier } from '../../domain/identifier.ts'
import { said } from '../../domain/words/said.ts'
import type { FamilyDeclaration } from '../family.ts'
import { syncFiles } from './steps/sync-files/params.ts'

/** A file tree on one side: a folder of a host. */
export const FilesPlace = z.strictObject({
  host: Identifier,
  path: OwnFolder,
})
export type FilesPlace = z.infer<typeof FilesPlace>

/** File trees: uploads, attachments, what an application keeps in folders. */
export const files: FamilyDeclaration<FilesPlace> = {
  name: 'files',
  title: { zh: '文件', en: 'Files' },
  place: FilesPlace,
  endpoints: [],
  steps: [{ ...syncFiles, load: () => import('./steps/sync-files/index.ts') }],
  method: () => ({
    method: 'file-passes',
    because: said('method-for-files'),
    writeGap: said('gap-of-files'),
    wayBack: said('back-files'),
    isLossless: true,
  }),
  samePlace: (one, other) => one.host === other.host && foldersOverlap(one.path, other.path),
}
