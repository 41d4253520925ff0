/** What an account may be. One account has one role and belongs to one organisation. */
export const roles = ['coordinator', 'owner', 'provider', 'vendor', 'operations', 'auditor'] as const
export type Role = (typeof roles)[number]

/** The parties that can be asked to recognise a trial-run report. Owner and provider are always asked (格尔木 2018 §7). */
export const parties = ['owner', 'provider', 'vendor', 'coordinator'] as const
export type Party = (typeof parties)[number]

/** Who acts: stamped on every event. `engine` is the product itself, which never signs and never decides for a person. */
export interface Actor {
  /** Account id, for example `owner-li`. */
  readonly account: string
  readonly role: Role | 'engine'
  readonly organisation: string
}

export const engineActor: Actor = { account: 'engine', role: 'engine', organisation: 'qianyun' }
