import { playbookFile } from '../../domain/playbook/files.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const listPlaybooks = handle(routes.listPlaybooks, async (_asked, context) => {
  const names = await context.playbooks.names()
  const folders = await Promise.all(names.map((name) => context.playbooks.read(name)))
  return {
    playbooks: folders
      .filter(({ files }) => files.has(playbookFile))
      .map(({ ref, files }) => ({
        name: ref.name,
        digest: ref.digest,
        sizeBytes: [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      })),
  }
})
