import { type InputProblem, problemAt } from '../errors.ts'
import type { Party, Role } from '../organisation.ts'
import { said } from '../words/said.ts'
import type { MigrationPlan } from './plan.ts'

/** Somebody with an account, as far as a plan needs them. */
export interface KnownPerson {
  readonly role: Role
  readonly organisation: string
  readonly key?: unknown
}

/** Whoever has one of these roles signs in every move: the report, or the adaptation. */
const alwaysSign: readonly Party[] = ['owner', 'provider', 'vendor']

/** What a move would wait for without end: organisations of the plan of which nobody has an account that can act for it. */
export function peopleProblems(
  { organisations, policy }: Pick<MigrationPlan, 'organisations' | 'policy'>,
  accounts: readonly KnownPerson[],
): readonly InputProblem[] {
  const signing: readonly string[] = [...alwaysSign, ...policy.parties]
  return Object.entries(organisations).flatMap(([role, organisation]) => {
    const theirs = accounts.filter((one) => one.role === role && one.organisation === organisation)
    const values = { organisation, role }
    const path = `organisations.${role}`
    if (theirs.length === 0) return [problemAt(path, said('plan-organisation-without-account', values))]
    return signing.includes(role) && theirs.every(({ key }) => key === undefined)
      ? [problemAt(path, said('plan-organisation-without-key', values))]
      : []
  })
}
