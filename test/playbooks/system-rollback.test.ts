import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readPlaybookFolder } from '../../config/playbooks.ts'
import type { Playbook } from '../../domain/playbook/playbook.ts'
import { backward, fromGone } from '../../domain/move/way-back.ts'
import { evaluateCondition } from '../../runner/language/expression.ts'
import { parsePlaybook } from '../../runner/language/parse.ts'
import { Bindings } from '../../runner/run/bindings.ts'
import { resolveInputs } from '../../runner/run/inputs.ts'
import { eachStep } from '../../runner/run/each-step.ts'
import { runVariables } from '../../runner/run/variables.ts'
import { samplePlan } from '../support/plan.ts'

const folder = join(import.meta.dirname, '../../playbooks/system-rollback')

/** The steps that are carried out when a rollback is asked for with these inputs, of a system that has files. */
async function carriedOut(inputs: Readonly<Record<string, boolean>>): Promise<Playbook['steps']> {
  const { ref, files } = await readPlaybookFolder(folder)
  const parsed = parsePlaybook(files.get('playbook.yaml') ?? '')
  if ('problems' in parsed) throw new Error('the playbook has problems')
  const { playbook } = parsed
  const plan = samplePlan()
  const uploads = (host: string) => ({ host, path: '/srv/uploads' })
  const tree = {
    family: 'files',
    source: uploads('source'),
    staging: uploads('staging'),
    target: uploads('target'),
  }
  const request = {
    runId: 'run',
    migration: 'permit-desk-1',
    system: plan.system,
    playbook: ref,
    plan: { ...plan, datasets: { ...plan.datasets, files: tree } },
    ...backward,
    hostKeys: {},
    inputs,
    skip: [],
    confirmed: [],
  }
  const bindings = new Bindings(request, playbook)
  const variables = runVariables(request, bindings, resolveInputs(playbook, request, bindings), [])
  return playbook.steps
    .filter(({ when }) => when === undefined || evaluateCondition(when, variables))
    .filter((step) => eachStep([step], variables).length > 0)
}

describe('the playbook system-rollback', () => {
  it('does nothing on a side that is gone, and opens the other one before its application is asked', async () => {
    const steps = await carriedOut({ [fromGone]: true })
    expect(steps.map(({ id }) => id)).toEqual([
      'application-running',
      'reopen-database',
      'application-healthy-alone',
      'switch-http',
      'jobs-on',
      'requests-ended',
      'entry-answers',
    ])
    expect(steps.some(({ host }) => host === 'from')).toBe(false)
  })

  it('uses both sides otherwise', async () => {
    const ids = (await carriedOut({})).map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['switch-database', 'jobs-off', 'jobs-on', 'files-last', 'verify']),
    )
    expect(ids).not.toContain('reopen-database')
  })
})
