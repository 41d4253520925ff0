import { z } from 'zod'
import { wanted } from '../../../domain/schema-problems.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

const PackageName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, wanted('name-of-package'))

export const PackageParams = z.strictObject({
  host: Identifier,
  /** Names, or names with a version: `postgresql-client` or `{ name, version }`. */
  packages: z
    .array(
      z.union([
        PackageName,
        z.strictObject({
          name: PackageName,
          version: z.string().regex(/^[A-Za-z0-9][\w.+:~-]*$/, wanted('package-version')),
        }),
      ]),
    )
    .min(1)
    .max(200),
  state: z.enum(['present', 'absent']).default('present'),
})
export type PackageParams = z.infer<typeof PackageParams>

/** Installs or removes packages with the host's package manager, as root or by sudo. */
export const packageKind: StepDeclaration<PackageParams> = {
  name: 'package',
  title: { zh: '软件包', en: 'Packages' },
  params: PackageParams,
  undoable: () => true,
}
