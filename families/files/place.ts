import { z } from 'zod'
import { AbsolutePath } from '../../domain/absolute-path.ts'
import { Identifier } from '../../domain/identifier.ts'
import type { KnownFamily } from '../../domain/plan/known-family.ts'

/** A file tree on one side: a folder of a host. */
export const FilesPlace = z.strictObject({
  host: Identifier,
  path: AbsolutePath.refine((path) => !path.endsWith('/'), 'must not end in "/"'),
})

/** A file tree of a plan: carried in passes. One inside the other would be carried, and wiped, with it. */
export const filesInPlan: KnownFamily = {
  place: FilesPlace,
  samePlace: (one, other) => {
    const [a, b] = [`${String(one['path'])}/`, `${String(other['path'])}/`]
    return one.host === other.host && (a.startsWith(b) || b.startsWith(a))
  },
}
