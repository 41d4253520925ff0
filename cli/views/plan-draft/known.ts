import type { SystemView } from '../../../api/contract.ts'
import type { Say } from '../../language/message.ts'

export const hostRoles = ['source', 'staging', 'target', 'entry'] as const
export type HostRole = (typeof hostRoles)[number]
export const sides = ['source', 'staging', 'target'] as const

export interface DraftHost {
  readonly name: string
  readonly role: HostRole
  readonly user: string
  readonly address: string
  readonly port?: number
}

/** What a secret of the plan opens. */
export const secretKinds = ['ssh', 'admin-old', 'admin-staging', 'admin-new', 'app', 'pgbouncer'] as const
export type SecretKind = (typeof secretKinds)[number]

/** What is known of a plan that is to be written. */
export interface DraftKnown {
  readonly plan: string
  readonly system: SystemView
  readonly hosts: readonly DraftHost[]
  readonly secrets: Readonly<Record<SecretKind, string>>
  readonly database?: string | undefined
  readonly organisations: Readonly<Record<string, string | undefined>>
  /** Names of the playbooks of the server. */
  readonly playbooks: readonly string[]
  readonly timeZone: string
}

export interface Speaking {
  readonly say: Say
  readonly program: string
}

/** What the only host of a role is called, as people name it at the command line. */
export function hostName(role: HostRole): string {
  switch (role) {
    case 'source':
      return 'old'
    case 'target':
      return 'new'
    case 'staging':
    case 'entry':
      return role
  }
}
