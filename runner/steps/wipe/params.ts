import { z } from 'zod'
import { RemovablePath } from '../../../domain/absolute-path.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

export const WipeParams = z
  .strictObject({
    host: Identifier,
    /** Database that is dropped. */
    database: Identifier.optional(),
    /** Folders and files that are removed with all that is in them. */
    paths: z.array(RemovablePath).default([]),
    /** Whether it is right that not one file lies below the paths. */
    mayBeEmpty: z.boolean().default(false),
    /** Overwrite files with zeros before removing them (`shred`). */
    overwrite: z.boolean().default(true),
  })
  .refine(
    ({ database, paths }) => database !== undefined || paths.length > 0,
    'must have "database" or "paths"',
  )
export type WipeParams = z.infer<typeof WipeParams>

/** Removes the old data for good, with proof: what was there, by digest, and that it is there no more. */
export const wipe: StepDeclaration<WipeParams> = {
  name: 'wipe',
  title: { zh: '清除旧数据并取证', en: 'Wipe the old data, with proof' },
  params: WipeParams,
  does: 'wipe',
  onlyInMove: true,
  uses: ({ host, database }) => ({ hosts: [host], databases: database === undefined ? [] : [database] }),
}
