import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

export const repository = join(import.meta.dirname, '../..')
const families = join(repository, 'families')

/** Where kinds of steps stand: the generic ones, and those of each family. */
const places = [
  join(repository, 'runner/steps'),
  ...readdirSync(families)
    .map((family) => join(families, family, 'steps'))
    .filter((folder) => existsSync(folder)),
]

/** The folder of each kind, from the root of the repository, by the name its page is headed with. */
export const kindFolders: ReadonlyMap<string, string> = new Map(
  places.flatMap((place) =>
    readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(place, name))
      .map((folder) => [headingOf(join(folder, 'README.md')), relative(repository, folder)]),
  ),
)

function headingOf(page: string): string {
  return existsSync(page) ? (/^# (\S+)\n/.exec(readFileSync(page, 'utf8'))?.[1] ?? '') : page
}
