import { DatabaseRef } from '../../domain/host.ts'
import type { KnownFamily } from '../../domain/plan/known-family.ts'

/** A database of PostgreSQL in a plan: switched through the pgbouncer in front of it. */
export const postgresqlInPlan: KnownFamily = {
  place: DatabaseRef,
  entry: 'pgbouncer',
  samePlace: (one, other) =>
    one['address'] === other['address'] &&
    one['port'] === other['port'] &&
    one['database'] === other['database'],
}
