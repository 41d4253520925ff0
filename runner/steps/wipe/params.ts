import { z } from 'zod'
import { wanted } from '../../../domain/schema-problems.ts'
import { RemovablePath } from '../../../domain/absolute-path.ts'
import { DatasetReference, Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

export const WipeParams = z
  .strictObject({
    host: Identifier,
    /** The dataset that is removed. */
    database: DatasetReference.optional(),
    /** Folders and files that are removed with all their contents. */
    paths: z.array(RemovablePath).default([]),
    /** Whether the paths may hold no file. */
    mayBeEmpty: z.boolean().default(false),
    /** Whether files are overwritten with zeros before they are removed (`shred`). */
    overwrite: z.boolean().default(true),
    /** Whether the paths are removed as root, by sudo where the login user is another. */
    asRoot: z.boolean().default(false),
  })
  .refine(({ database, paths }) => database !== undefined || paths.length > 0, wanted('database-or-paths'))
export type WipeParams = z.infer<typeof WipeParams>

/** Removes the old data for good, with a proof of what was there, by digest, and of its absence. */
export const wipe: StepDeclaration<WipeParams> = {
  name: 'wipe',
  title: { zh: '清除旧数据并取证', en: 'Wipe the old data, with proof' },
  params: WipeParams,
  does: 'wipe',
  onlyInMove: true,
  uses: ({ host, database }) => ({ hosts: [host], databases: database === undefined ? [] : [database] }),
}
