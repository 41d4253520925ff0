import type { Family } from '../family.ts'
import { files, type FilesPlace } from './declaration.ts'
import { type FilesFound, type FileTree, removal } from './removal.ts'

/** Several folders of one host, where they are opened together: what is removed at once is listed at once. */
export interface FoldersPlace {
  readonly host: string
  readonly path: string | readonly string[]
}

/** Reaches file trees on hosts. */
export const implementation: Family<FilesPlace, FileTree, object, FilesFound> = {
  ...files,
  open: ({ host: name, path }: FoldersPlace, { host }) => ({ host: host(name), paths: [path].flat() }),
  async reach({ host }) {
    await host.run('true')
  },
  assess: async () => ({ facts: {}, findings: [], upgrades: [] }),
  removal,
}
