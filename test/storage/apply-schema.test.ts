import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { applySchema, DatabaseNewerError } from '../../storage/apply-schema.ts'
import { useEmptyDatabase } from '../support/database.ts'

const database = useEmptyDatabase()

describe('applying the schema', () => {
  it('is done once when several processes start at the same time', async () => {
    const pools = Array.from({ length: 4 }, () => new pg.Pool({ connectionString: database.url }))
    const versions = await Promise.all(pools.map((pool) => applySchema(pool)))
    await Promise.all(pools.map((pool) => pool.end()))
    expect(new Set(versions).size).toBe(1)
    const { rows } = await database.pool.query('select version from schema_version')
    expect(rows).toHaveLength(versions[0]!)
  })

  it('does no harm a second time', async () => {
    await expect(applySchema(database.pool)).resolves.toBeGreaterThan(0)
  })

  it('refuses a database of a newer version and says what to do', async () => {
    await database.pool.query('insert into schema_version (version) values (999)')
    await expect(applySchema(database.pool)).rejects.toThrow(DatabaseNewerError)
    await expect(applySchema(database.pool)).rejects.toThrow(/schema 999.*Start the newer version/)
  })
})
