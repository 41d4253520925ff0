import { z } from 'zod'
import { AbsolutePath } from '../../domain/absolute-path.ts'
import { Identifier } from '../../domain/identifier.ts'
import type { FamilyDeclaration } from '../family.ts'
import { syncFiles } from './steps/sync-files/params.ts'

/** A folder on a host of the plan. */
export const FilesPlace = z.strictObject({ host: Identifier, path: AbsolutePath })
export type FilesPlace = z.infer<typeof FilesPlace>

/** File trees: uploads, attachments, what an application keeps in folders. */
export const files: FamilyDeclaration<FilesPlace> = {
  name: 'files',
  title: { zh: '文件', en: 'Files' },
  place: FilesPlace,
  endpoints: [],
  steps: [{ ...syncFiles, load: () => import('./steps/sync-files/index.ts') }],
  samePlace: (one, other) => one.host === other.host && one.path === other.path,
}
