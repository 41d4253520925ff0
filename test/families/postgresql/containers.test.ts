import { describe } from '@jest/globals'
import { dockerAnswers, startPairInContainers, whyWithoutContainers } from '../../support/containers.ts'
import { describeFamily } from '../conformance.ts'
import { postgresqlOn } from './harness.ts'

const inContainers = dockerAnswers() ? describe : describe.skip

inContainers(`PostgreSQL in containers${whyWithoutContainers()}`, () => {
  describeFamily(postgresqlOn(async () => startPairInContainers('containers')))
})
