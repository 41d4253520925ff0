import { startPair } from '../../support/postgres-pair.ts'
import { describeFamily } from '../conformance.ts'
import { postgresqlOn } from './harness.ts'

describeFamily(postgresqlOn(async () => startPair('conformance')))
