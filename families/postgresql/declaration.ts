import { DatabasePlace } from '../../domain/host.ts'
import { databaseEndpointKinds } from '../../domain/plan/endpoint.ts'
import { databaseMethod } from './method.ts'
import type { FamilyDeclaration } from '../family.ts'
import { postgresCopy } from './steps/copy/params.ts'
import { postgresDisarm } from './steps/disarm/params.ts'
import { endpointPgbouncer } from './steps/endpoint/params.ts'
import { postgresRehearse } from './steps/rehearse/params.ts'
import { postgresReopen } from './steps/reopen/params.ts'
import { postgresReplicate } from './steps/replicate/params.ts'
import { postgresSwitchover } from './steps/switchover/params.ts'
import { postgresVerify } from './steps/verify/params.ts'

/** Databases of a PostgreSQL server, reached by its administrator. */
export const postgresql: FamilyDeclaration<DatabasePlace> = {
  name: 'postgresql',
  title: { zh: 'PostgreSQL 数据库', en: 'PostgreSQL' },
  place: DatabasePlace,
  endpoints: databaseEndpointKinds,
  switchesTogether: true,
  steps: [
    { ...endpointPgbouncer, load: () => import('./steps/endpoint/index.ts') },
    { ...postgresCopy, load: () => import('./steps/copy/index.ts') },
    { ...postgresDisarm, load: () => import('./steps/disarm/index.ts') },
    { ...postgresRehearse, load: () => import('./steps/rehearse/index.ts') },
    { ...postgresReopen, load: () => import('./steps/reopen/index.ts') },
    { ...postgresReplicate, load: () => import('./steps/replicate/index.ts') },
    { ...postgresSwitchover, load: () => import('./steps/switchover/index.ts') },
    { ...postgresVerify, load: () => import('./steps/verify/index.ts') },
  ],
  method: databaseMethod,
  program: /^(\S*\/)?(postgres|postmaster)(:|\s|$)/,
  samePlace: (one, other) =>
    one.address === other.address && one.port === other.port && one.database === other.database,
}
