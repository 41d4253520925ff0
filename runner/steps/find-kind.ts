import { InvalidInputError } from '../../domain/errors.ts'
import { stepKinds } from './index.ts'
import type { AnyStepImplementation, ListedKind } from './kind.ts'

/** @throws InvalidInputError when there is no such kind; a linted playbook has only kinds there are */
export function assertKind(name: string): ListedKind {
  const kind = stepKinds.get(name)
  if (kind !== undefined) return kind
  throw new InvalidInputError('The playbook', [{ path: 'kind', message: `is the unknown kind "${name}"` }])
}

/** What carries kinds out, by their names. */
export type Implementations = ReadonlyMap<string, AnyStepImplementation>

/** Loads what carries these kinds out, each once however often it is named. @throws InvalidInputError when there is no such kind */
export async function loadKinds(names: readonly string[]): Promise<Implementations> {
  const loaded = await Promise.all([...new Set(names)].map(async (name) => assertKind(name).load()))
  return new Map(loaded.map(({ implementation }) => [implementation.kind, implementation]))
}
