/** The roles hosts play in one move. */
export const hostRoles = ['source', 'staging', 'target', 'entry'] as const
export type HostRole = (typeof hostRoles)[number]
