import { InvalidInputError } from '../../domain/errors.ts'
import { stepKinds } from './index.ts'
import type { AnyStepKind } from './kind.ts'

/** @throws InvalidInputError when there is no such kind; a linted playbook has only kinds there are */
export function assertKind(name: string): AnyStepKind {
  const kind = stepKinds.get(name)
  if (kind !== undefined) return kind
  throw new InvalidInputError('The playbook', [{ path: 'kind', message: `is the unknown kind "${name}"` }])
}
