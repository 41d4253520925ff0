/** The processes of the product that reach its database, each by a role of its own. */
export const processNames = ['api', 'orchestrator', 'runner'] as const
export type ProcessName = (typeof processNames)[number]

/** The role of the database by which a process connects. */
export const databaseRoleOf = (process: ProcessName): string => `qianyun_${process}`
