import { startManagedPair } from '../../support/managed-server.ts'
import { describeFamily } from '../conformance.ts'
import { postgresqlOn } from './harness.ts'

describeFamily(postgresqlOn(async () => startManagedPair('managed-conformance')))
