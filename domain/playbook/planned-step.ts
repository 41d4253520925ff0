/** What a dry run says of one step: the commands that would run; none of them means it is already so. */
export interface PlannedStep {
  readonly step: string
  readonly kind: string
  readonly host?: string
  readonly outcome: 'would-change' | 'already-so' | 'skipped' | 'unknown-until-run'
  readonly commands: readonly { readonly title: string; readonly text: string; readonly on: string }[]
  /** Why the step is skipped, or what only the run can tell. */
  readonly reason?: string
}
