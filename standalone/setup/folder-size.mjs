import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** How much stands in a folder, by what a program puts there; files that go meanwhile count for nothing. */
export function folderBytes(folder) {
  let bytes = 0
  for (const entry of listed(folder)) {
    const path = join(folder, entry.name)
    bytes += entry.isDirectory() ? folderBytes(path) : (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0)
  }
  return bytes
}

function listed(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
