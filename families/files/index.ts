import type { Family } from '../family.ts'
import { files, type FilesPlace } from './declaration.ts'
import { FilesBack } from './files-back.ts'
import { type FilesFound, type FileTree, removal } from './removal.ts'

/** Several folders of one host, where they are opened together: what is removed at once is listed at once. */
export interface FoldersPlace {
  readonly host: string
  readonly path: string | readonly string[]
}

/** What the new side takes in between two passes is lost with its host. */
const restMs = { lab: 2_000, production: 60_000 } as const

/** Reaches file trees on hosts. */
export const implementation: Family<FilesPlace, FileTree, object, FilesFound> = {
  ...files,
  open: ({ host: name, path }: FoldersPlace, { host }) => ({ host: host(name), paths: [path].flat() }),
  async reach({ host }) {
    await host.run('true')
  },
  assess: async () => ({ facts: {}, findings: [], upgrades: [] }),
  health: (ports) => new FilesBack({ ...ports, restMs: ({ plan }) => restMs[plan.policy.profile] }),
  removal,
}
