import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ensureAccounts } from '../../storage/accounts.ts'
import { useApi } from '../support/api.ts'
import { registerFurther } from '../support/credentials.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const api = useApi()
const asCoordinator = { as: 'coordinator' } as const
const { organisations } = samplePlanInput()

beforeAll(async () => {
  const row = { name: '许可受理', department: 'permit-bureau', mlpsLevel: 2, classified: false }
  const unowned = { ...row, system: 'tax-desk', department: 'tax-office' }
  await api.call('importSystems', { ...asCoordinator, body: [{ ...row, system: 'permit-desk' }, unowned] })
})

const refusedOf = async (change: Parameters<typeof samplePlanInput>[0]) => {
  const body = samplePlanInput({ plan: 'nobodys', ...change })
  return (await api.refused('createPlan', { ...asCoordinator, body })).problems ?? []
}

describe('a plan that names an organisation nobody belongs to', () => {
  it('is refused, each of them with what it is wanted for and the command that adds an account', async () => {
    const nobodys = { ...organisations, provider: 'no-cloud', operations: 'no-centre' }
    const problems = await refusedOf({ organisations: nobodys })
    expect(problems.map(({ path }) => path)).toEqual(['organisations.provider', 'organisations.operations'])
    expect(problems[0]?.message).toBe(
      'is "no-cloud", of which there is no account with the role provider, so that nobody could approve the hosts and sign the report. Name the organisation that does so, or have the administrator of this server add an account: npm run account -- add ACCOUNT --role provider --organisation no-cloud',
    )
    expect(problems[1]?.message).toContain('nobody could decide its cutover and roll it back')
  })

  it('is refused when its people have another role there', async () => {
    const problems = await refusedOf({ organisations: { ...organisations, operations: 'other-soft' } })
    expect(problems).toMatchObject([{ path: 'organisations.operations' }])
  })

  it('is refused when the ledger’s own department has nobody', async () => {
    const problems = await refusedOf({
      system: 'tax-desk',
      organisations: { ...organisations, owner: 'tax-office' },
    })
    expect(problems).toMatchObject([
      {
        path: 'organisations.owner',
        message: expect.stringContaining('--role owner --organisation tax-office'),
      },
    ])
  })

  it('is told of one that is not the ledger’s that alone: an account would not help', async () => {
    const problems = await refusedOf({ organisations: { ...organisations, owner: 'no-bureau' } })
    expect(problems).toMatchObject([
      { path: 'organisations.owner', message: expect.stringContaining('the ledger has "permit-bureau"') },
    ])
  })

  it('is refused where nobody of a signer has a key, and taken once somebody has', async () => {
    const tokenHash = createHash('sha256').update('a token').digest('hex')
    const keyless = { account: 'provider-tang', role: 'provider', organisation: 'new-cloud' } as const
    await ensureAccounts(api.pool, [{ ...keyless, name: '唐', tokenHash }])
    const change = { organisations: { ...organisations, provider: 'new-cloud' } }
    expect(await refusedOf(change)).toMatchObject([
      { path: 'organisations.provider', message: expect.stringContaining('has a key') },
    ])
    await registerFurther(api.pool, [{ ...keyless, account: 'provider-shi' }])
    await api.call('createPlan', {
      ...asCoordinator,
      body: samplePlanInput({ plan: 'somebodys', ...change }),
    })
  })
})
