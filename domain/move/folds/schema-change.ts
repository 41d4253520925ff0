import type { StepFailure } from '../event.ts'
import type { Migration } from '../migration.ts'
import { mayHalfMake } from '../schema-change.ts'
import type { Change, Folds } from './fold.ts'

const failed = ({ schemaChange }: Migration, failure: StepFailure, atMs: number): Change => {
  if (schemaChange === undefined) return {}
  const isHalfMade = schemaChange.isHalfMade ?? mayHalfMake(failure)
  return {
    schemaChange: {
      ...schemaChange,
      state: isHalfMade ? 'failed' : 'refused',
      failure,
      atMs,
      ...(isHalfMade ? { isHalfMade } : {}),
    },
  }
}

/** Changes of the schema made on both sides while the new one serves. One that is half made keeps its name until it is whole. */
export const schemaChangeFolds: Folds<
  'schema-change-requested' | 'schema-change-made' | 'schema-change-refused' | 'schema-change-failed'
> = {
  'schema-change-requested': ({ schemaChange: before }, { data, actor, atMs, sequence }) => ({
    schemaChange: {
      ...data,
      id: sequence,
      ...(before?.isHalfMade ? { id: before.id, isHalfMade: true } : {}),
      by: actor,
      state: 'running',
      atMs,
    },
  }),
  'schema-change-made': ({ schemaChange }, { data, atMs }) => {
    if (schemaChange === undefined) return {}
    const { failure: _failure, isHalfMade: _half, ...change } = schemaChange
    return { schemaChange: { ...change, ...data, state: 'made', atMs } }
  },
  'schema-change-refused': (m, { data, atMs }) => failed(m, data, atMs),
  'schema-change-failed': (m, { data, atMs }) => failed(m, data, atMs),
}
