import { z } from 'zod'
import { Identifier } from '../identifier.ts'
import { PlaybookRef } from '../playbook/files.ts'
import { Policy } from './policy.ts'

/** What a playbook is wanted for in a move. */
export const playbookPurposes = [
  'deploy',
  'copy',
  'rehearse',
  'replicate',
  'cutover',
  'afterCutover',
  'rollback',
  'close',
] as const
export type PlaybookPurpose = (typeof playbookPurposes)[number]

const playbooksOf = <T extends z.ZodType>(playbook: T) =>
  z.strictObject({
    deploy: playbook,
    copy: playbook,
    rehearse: playbook,
    replicate: playbook,
    cutover: playbook,
    /** What can wait until the public write probe has proven the new side. */
    afterCutover: playbook.exactOptional(),
    rollback: playbook,
    close: playbook,
  })

/** The playbooks as people name them. */
export const PlaybookNames = playbooksOf(Identifier)
/** The playbooks as a plan freezes them, by digest. */
export const FrozenPlaybooks = playbooksOf(PlaybookRef)

/** What a plan of any version says the same way. */
export const planHead = {
  plan: Identifier,
  system: Identifier,
  organisations: z.strictObject({
    owner: Identifier,
    provider: Identifier,
    vendor: Identifier,
    coordinator: Identifier,
    operations: Identifier,
  }),
  policy: Policy,
  inputs: z.record(Identifier, z.union([z.string(), z.number(), z.boolean()])).default({}),
}
