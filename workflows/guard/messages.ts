/** The workflow's name, for those who start it without importing it. */
export const guardWorkflow = 'guard'

/** One guard for each network zone. */
export const guardWorkflowId = (zone: string): string => `guard/${zone}`

export interface GuardInput {
  readonly zone: string
}
