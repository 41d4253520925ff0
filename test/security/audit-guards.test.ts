import { beforeAll, describe, expect, it } from '@jest/globals'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import { useDatabase } from '../support/database.ts'
import { fillRecord } from './recorded-room.ts'

const database = useDatabase()
const verified = async () => verifyAudit(database.as('api'))

beforeAll(async () => fillRecord(database))

describe('what keeps rows from being changed', () => {
  it.each([
    [
      'alter table audit_entry disable trigger written_once',
      'alter table audit_entry enable trigger written_once',
    ],
    [
      'drop trigger never_emptied on event',
      'create trigger never_emptied before truncate on event execute function refuse_change()',
    ],
    ['grant update on event to qianyun_api', 'revoke update on event from qianyun_api'],
    ['alter role qianyun_runner bypassrls', 'alter role qianyun_runner nobypassrls'],
    ['alter table command disable row level security', 'alter table command enable row level security'],
    [
      'create trigger mine before insert on event for each row execute function refuse_change()',
      'drop trigger mine on event',
    ],
  ])('is missed when it is gone: %s', async (away, back) => {
    await database.pool.query(away)
    const { faults } = await verified()
    await database.pool.query(back)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.every(({ table }) => table === 'rights')).toBe(true)
    expect(await verified()).toMatchObject({ verified: true })
  })

  it('is missed when its function does nothing any more', async () => {
    const { rows } = await database.pool.query<{ definition: string }>(
      `select pg_get_functiondef('refuse_change()'::regprocedure) as definition`,
    )
    await database.pool.query(
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
    )
    const { faults } = await verified()
    await database.pool.query(rows[0]!.definition)
    expect(faults.map(({ record }) => record)).toContain('written_once on audit_entry')
    expect(await verified()).toMatchObject({ verified: true })
  })
})
