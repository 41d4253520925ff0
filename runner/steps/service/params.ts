import { z } from 'zod'
import { wanted } from '../../../domain/schema-problems.ts'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { ServiceName } from '../../../domain/service-name.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

const Word = z.string().regex(/^[^\r\n\0]*$/, wanted('one-line'))

/** How the service starts, for both supervisors. */
const Definition = z.strictObject({
  command: z.array(Word.min(1)).min(1).max(200),
  directory: AbsolutePath.optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/, wanted('name-of-variable')), Word).default({}),
  /** File for standard output and error, which are appended; default: the supervisor's own place. */
  logFile: AbsolutePath.optional(),
  /** Only systemd: the user of the service. */
  user: z
    .string()
    .regex(/^[a-z_][\w-]*$/, wanted('user-of-service'))
    .optional(),
  umask: z
    .string()
    .regex(/^0?[0-7]{3}$/, wanted('octal-umask'))
    .default('027'),
})
export type Definition = z.infer<typeof Definition>

export const ServiceParams = z.strictObject({
  host: Identifier,
  name: ServiceName,
  /** `startable` only looks, and fails where the supervisor of the host has no such service. */
  state: z.enum(['running', 'stopped', 'restarted', 'startable']).optional(),
  enabled: z.boolean().optional(),
  definition: Definition.optional(),
  /** Files that the service reads when it starts; if one has changed since this kind last started it, it is restarted. */
  watches: z.array(AbsolutePath).max(50).default([]),
  /** Limit for a start or stop, in seconds. */
  waitSeconds: z.int().min(1).max(600).default(20),
})
export type ServiceParams = z.infer<typeof ServiceParams>

export interface ServiceFacts {
  readonly supervisor: 'runit' | 'systemd'
  /** The folder of runit services; empty with systemd. */
  readonly serviceDir: string
  readonly isRoot: boolean
  /** The run script or unit that this kind wrote; undefined if there is none. */
  readonly definition?: string
  /** Whether systemd has the unit from elsewhere, such as a package. */
  readonly vendor?: boolean
  /** Whether the supervisor has the service, whoever wrote its definition. */
  readonly known?: boolean
  /** Whether the step changes the definition; the journal keeps this, and not the definition. */
  readonly redefines?: boolean
  /** Where the previous definition is kept for undo, and which file it was (`identityOf`). */
  readonly backup: string
  readonly identity: string
  readonly running: boolean
  readonly enabled: boolean
  /** Digests of the watched files: the present one, and the one noted at the last start by this kind (empty if never). */
  readonly watched: string
  readonly noted: string
  readonly noteFile: string
}

/** Defines, enables, starts or stops a service under runit or systemd, and restarts it if a watched file has changed. */
export const service: StepDeclaration<ServiceParams> = {
  name: 'service',
  title: { zh: '服务', en: 'A service' },
  params: ServiceParams,
  undoable: () => true,
}
