import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '@jest/globals'
import type { MigrationView, RouteName, SignoffView } from '../../api/contract.ts'
import type { Call, useApi } from './api.ts'
import { type Person, signatureBy } from './credentials.ts'
import type { samplePlanInput } from './plan-input.ts'

/** One system's move, as a test looks at it and waits for it over the API. */
export function movesOver(api: ReturnType<typeof useApi>, params: { readonly system: string }) {
  const look = (): Promise<MigrationView> => api.call('showMigration', { as: 'coordinator', params })

  async function until(what: string, wanted: (m: MigrationView) => boolean): Promise<MigrationView> {
    let seen: MigrationView | undefined
    for (let tries = 0; tries < 1_000; tries += 1) {
      seen = await look()
      if (wanted(seen)) return seen
      await sleep(50)
    }
    throw new Error(`The move did not come to "${what}": ${JSON.stringify(seen).slice(0, 2000)}`)
  }

  /** Waits until a step of the newest move has finished: no sooner is it for people to go on. */
  async function finished(step: string): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      const { events } = await api.call('listEvents', { as: 'auditor', params })
      if (events.some((event) => event.type === 'step-finished' && event.data.step === step)) return
      await sleep(50)
    }
    throw new Error(`The step "${step}" did not finish`)
  }

  async function refusals(
    route: RouteName,
    cases: readonly (readonly [Call, number, string])[],
  ): Promise<void> {
    for (const [call, status, code] of cases) {
      const before = await look()
      const problem = await api.refused(route, call)
      expect({ status: problem.status, code: problem.code }).toEqual({ status, code })
      expect(problem.detail).toMatch(/\.$/)
      expect((await look()).sequence).toBe(before.sequence)
    }
  }

  async function signoffOf(person: Person): Promise<NonNullable<SignoffView['mine']>> {
    const { mine } = await api.call('showSignoff', { as: person, params })
    if (mine === undefined) throw new Error(`${person} has nothing to sign`)
    return mine
  }

  const signatureOf = (by: Person, signedText: string) => ({
    keyId: api.people[by].keyId,
    signature: signatureBy(api.people[by], signedText),
    signedText,
  })
  const signed = (person: Person, text: string, digest: string, by: Person = person) => ({
    digest,
    ...signatureOf(by, text),
  })

  return { look, until, finished, refusals, signoffOf, signatureOf, signed }
}

/** Puts the permit desk into the ledger, and a plan for it beside it. */
export async function planPermitDesk(
  api: ReturnType<typeof useApi>,
  plan: ReturnType<typeof samplePlanInput>,
): Promise<void> {
  const row = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    vendor: 'permit-soft',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { as: 'coordinator', body: [row] })
  await api.call('createPlan', { as: 'coordinator', body: plan })
}
