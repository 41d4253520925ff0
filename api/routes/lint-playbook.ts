import { playbookDigest } from '../../config/playbooks.ts'
import { playbookFile } from '../../domain/playbook/files.ts'
import { lintPlaybook as lint } from '../../runner/language/lint.ts'
import { sha256Hex } from '../../storage/digest.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { shownProblems } from '../http/problem.ts'

export const lintPlaybook = handle(routes.lintPlaybook, async ({ body }) => {
  const files = { ...body.files, [playbookFile]: sha256Hex(body.text) }
  const { problems } = lint(body.text, { files: Object.keys(files) })
  return { digest: playbookDigest(files), problems: shownProblems(problems) }
})
