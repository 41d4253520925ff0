import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '../storage/digest.ts'

/** A playbook as it lies in its folder. */
export interface PlaybookFile {
  readonly name: string
  readonly digest: string
  readonly sizeBytes: number
}

const playbookName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** The playbooks of a folder, each `<name>/playbook.yaml`, by name. */
export async function listPlaybooks(folder: string): Promise<PlaybookFile[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(names.sort().map((name) => findPlaybook(folder, name)))
  return found.filter((each) => each !== undefined)
}

/** One playbook; undefined when there is no plain file of that name. */
export async function findPlaybook(folder: string, name: string): Promise<PlaybookFile | undefined> {
  if (!playbookName.test(name)) return undefined
  const path = join(folder, name, 'playbook.yaml')
  try {
    if (!(await lstat(path)).isFile()) return undefined
    const bytes = await readFile(path)
    return { name, digest: sha256Hex(bytes), sizeBytes: bytes.byteLength }
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}
