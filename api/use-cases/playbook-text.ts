import { load } from 'js-yaml'
import { playbookFile, type PlaybookFolder } from '../../domain/playbook/files.ts'
import { Playbook } from '../../domain/playbook/playbook.ts'

/** What the file of a playbook declares; undefined where it is none, and then no step of it could run. */
export function declaredIn({ files }: Pick<PlaybookFolder, 'files'>): Playbook | undefined {
  try {
    return Playbook.parse(load(files.get(playbookFile) ?? ''))
  } catch {
    return undefined
  }
}
