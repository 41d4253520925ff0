import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Removes what set-ups that were killed or found the disk full left half made in a folder; `pattern` is of their names. One set-up of a home runs at a time. */
export function removeDrafts(folder, pattern) {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((entry) => pattern.test(entry)))
    rmSync(join(folder, name), { recursive: true, force: true })
}
