import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { listPlaybooks as playbooksOf } from '../playbook-files.ts'

export const listPlaybooks = handle(routes.listPlaybooks, async (_asked, context) => ({
  playbooks: await playbooksOf(context.playbooksFolder),
}))
