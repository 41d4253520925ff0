import { describe, expect, it } from '@jest/globals'
import { System } from '../../domain/ledger/system.ts'
import { applySchema } from '../../storage/apply-schema.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { PlanStore } from '../../storage/plans.ts'
import { SecretAddressStore } from '../../storage/secret-addresses.ts'
import { SystemStore } from '../../storage/systems.ts'
import { actors } from '../support/actors.ts'
import { useDatabase } from '../support/database.ts'
import { samplePlan } from '../support/plan.ts'

const database = useDatabase()

/** The database as it was before rows had a programme and secrets were bound. */
const asBefore = `
  alter table system drop column programme;
  alter table account drop column programme, drop column departments;
  drop table secret_address, plan_before_bindings, command, audit_head, folded_by;
  drop function continue_audit cascade;
  drop trigger written_once on evidence_upload;
  drop trigger never_emptied on evidence_upload;
  drop trigger written_once on evidence_use;
  drop trigger never_emptied on evidence_use;
  delete from schema_version where version >= 8`

describe('a database from before secrets were bound', () => {
  it('gives each row to the programme that imported it, and lets moves under way go on with what their plans name', async () => {
    const { pool } = database
    const plan = samplePlan()
    const row = {
      system: 'permit-desk',
      name: '许可',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }
    const others = System.parse({ ...row, system: 'water-desk', department: 'water-bureau' })
    await new SystemStore(pool).import([System.parse(row)], actors.coordinator, 1)
    await new SystemStore(pool).import([others], { ...actors.coordinator, organisation: 'other-office' }, 1)
    await new PlanStore(pool).create(plan, actors.coordinator, 1)
    await new PlanStore(pool).create({ ...plan, plan: 'never-launched' }, actors.coordinator, 1)
    const request = { requestId: 'r', system: plan.system, plan: plan.plan, planDigest: '0', content: plan }
    await new LaunchStore(pool).reserve(request, actors.coordinator, 1)
    await pool.query(asBefore)
    await applySchema(pool)

    const owners = await new SystemStore(pool).owners()
    expect(owners.get('permit-desk')?.programme).toBe('coordination-office')
    expect(owners.get('water-desk')?.programme).toBe('other-office')
    const store = new SecretAddressStore(pool)
    const use = { secret: 'ssh-key', purpose: 'ssh-login', address: '127.0.0.13:22' } as const
    expect(await store.isFromBefore(plan.plan, use)).toBe(true)
    expect(await store.isFromBefore(plan.plan, { ...use, address: '10.9.9.9:22' })).toBe(false)
    expect(await store.isFromBefore(plan.plan, { ...use, purpose: 'host-file' })).toBe(false)
    expect(await store.isFromBefore('never-launched', use)).toBe(false)
    await expect(pool.query(`insert into plan_before_bindings values ('never-launched')`)).rejects.toThrow(
      /written once/,
    )
  })
})
