import type { Finding } from '../../domain/assessment/finding.ts'
import { messageOf } from '../../domain/errors.ts'
import { CommandFailedError } from '../../runner/ssh/errors.ts'
import type { DatasetAssessment, Family } from '../family.ts'
import { files, type FilesPlace } from './declaration.ts'
import { featuresOf, type TreeFeatures } from './features.ts'
import { FilesBack } from './files-back.ts'
import { findingsOfTree, unseenTree } from './findings.ts'
import { type FilesFound, type FileTree, removal } from './removal.ts'

/** Several folders of one host that are opened together, because they are listed and removed together. */
export interface FoldersPlace {
  readonly host: string
  readonly path: string | readonly string[]
}

/** Files written on the new side between two passes are lost with its host. */
const restMs = { lab: 2_000, production: 60_000 } as const

/** Searches the folders; a folder that cannot be searched is a finding. */
async function assessTree({ host, paths }: FileTree): Promise<DatasetAssessment<object>> {
  const facts: Record<string, TreeFeatures> = {}
  const findings: Finding[] = []
  for (const path of paths) {
    try {
      const features = await featuresOf(host, path)
      facts[path] = features
      findings.push(...findingsOfTree(path, features))
    } catch (error) {
      const because = error instanceof CommandFailedError ? lastLine(error.stderr) : messageOf(error)
      findings.push(unseenTree(path, host.name, because))
    }
  }
  return { facts, findings, upgrades: [] }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

/** Reaches file trees on hosts. */
export const implementation: Family<FilesPlace, FileTree, object, FilesFound> = {
  ...files,
  open: ({ host: name, path }: FoldersPlace, { host }) => ({ host: host(name), paths: [path].flat() }),
  async reach({ host }) {
    await host.run('true')
  },
  assess: async (source) => assessTree(source),
  health: (ports) => new FilesBack({ ...ports, restMs: ({ plan }) => restMs[plan.policy.profile] }),
  removal,
}
