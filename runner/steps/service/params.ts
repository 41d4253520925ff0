import { z } from 'zod'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

const Word = z.string().regex(/^[^\r\n\0]*$/, 'must be one line')

/** How the service is started, said once for both supervisors. */
const Definition = z.strictObject({
  command: z.array(Word.min(1)).min(1).max(200),
  directory: AbsolutePath.optional(),
  environment: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable'), Word)
    .default({}),
  /** Standard output and error are appended to it; by default they go where the supervisor sends them. */
  logFile: AbsolutePath.optional(),
  /** systemd only: the user it runs as. */
  user: z
    .string()
    .regex(/^[a-z_][\w-]*$/, 'must be a user')
    .optional(),
  umask: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be a umask such as "027"')
    .default('027'),
})
export type Definition = z.infer<typeof Definition>

export const ServiceParams = z.strictObject({
  host: Identifier,
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9@_.-]*$/, 'must be the name of a service'),
  state: z.enum(['running', 'stopped', 'restarted']).optional(),
  enabled: z.boolean().optional(),
  definition: Definition.optional(),
  /** Files the service reads at its start: when one has changed since this kind last started it, it is restarted. */
  watches: z.array(AbsolutePath).max(50).default([]),
  /** How long a start or stop may take. */
  waitSeconds: z.int().min(1).max(600).default(20),
})
export type ServiceParams = z.infer<typeof ServiceParams>

export interface ServiceFacts {
  readonly supervisor: 'runit' | 'systemd'
  /** Folder of runit services; empty with systemd. */
  readonly serviceDir: string
  readonly isRoot: boolean
  /** The run script or unit of our own place, undefined when there is none. */
  readonly definition?: string
  /** Whether systemd has the unit from elsewhere, a package for example. */
  readonly vendor?: boolean
  /** Whether the step defines the service anew; the journal keeps that, and not the definition. */
  readonly redefines?: boolean
  /** Where the definition there was is kept for undo, and which file it was (`identityOf`). */
  readonly backup: string
  readonly identity: string
  readonly running: boolean
  readonly enabled: boolean
  /** Digest of the watched files now, and as noted at the last start by this kind; empty when never. */
  readonly watched: string
  readonly noted: string
  readonly noteFile: string
}

/** A service under runit or systemd: defined, enabled, running or not, restarted when what it reads has changed. */
export const service: StepDeclaration<ServiceParams> = {
  name: 'service',
  title: { zh: '服务', en: 'A service' },
  params: ServiceParams,
  undoable: () => true,
}
