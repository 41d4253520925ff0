/**
 * What a coordinator acts for: one programme and the departments of it. `*` is every department that no other programme has in
 * its ledger.
 */
export interface Scope {
  readonly programme: string
  readonly departments: '*' | readonly string[]
}

/** Whose a row of the ledger is. */
export interface RowOwner {
  readonly programme: string
  readonly department: string
}

/** What an account acts for that was given nothing: the programme of its organisation. */
export function defaultScope(organisation: string): Scope {
  return { programme: organisation, departments: '*' }
}

export function actsForDepartment({ departments }: Scope, department: string): boolean {
  return departments === '*' || departments.includes(department)
}

/** Whether a coordinator may plan, launch and run for the system of a row. */
export function actsFor(scope: Scope, row: RowOwner): boolean {
  return scope.programme === row.programme && actsForDepartment(scope, row.department)
}

/** Who has a department in the ledger, by programme. */
export type DepartmentsTaken = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Whether a coordinator may write a row: neither the row as it was nor its department as it is to be is somebody else's. A
 * department that is named in the scope may be shared by programmes; `*` takes none that another programme has.
 */
export function mayWrite(
  scope: Scope,
  department: string,
  known: { readonly before?: RowOwner | undefined; readonly taken: DepartmentsTaken },
): boolean {
  if (known.before !== undefined && !actsFor(scope, known.before)) return false
  if (scope.departments !== '*') return scope.departments.includes(department)
  const programmes = known.taken.get(department)
  return programmes === undefined || programmes.size === 0 || programmes.has(scope.programme)
}
