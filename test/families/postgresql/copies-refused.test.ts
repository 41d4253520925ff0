import { describe, expect, it } from '@jest/globals'
import { emptyTables } from '../../../families/postgresql/copy/empty-tables.ts'
import { type HazardCase, hazardCases } from '../../support/hazard-cases.ts'
import { withServer } from '../../support/postgres-pair.ts'
import {
  asAdministrator,
  databaseOf,
  neu,
  old,
  replicate,
  useHazardRoom,
  withDatabase,
} from './hazard-room.ts'

useHazardRoom([])
const cases = hazardCases()

describe('changes that the side that follows refuses', () => {
  it('end the step within a minute, with how often and what conflicts', async () => {
    const one: HazardCase = { ...cases[0]!, name: 'conflict', waivers: [], administrator: [] }
    const conflict = { ...one, before: 'create table office (id int primary key)' }
    await withDatabase(conflict, async (sides) => {
      await replicate(conflict, sides)
      await asAdministrator(neu.port, databaseOf(conflict), 'insert into office values (2)')
      await asAdministrator(old.port, databaseOf(conflict), 'insert into office values (2)')
      const began = Date.now()
      await expect(replicate(conflict, sides)).rejects.toMatchObject({
        code: 'apply-fails',
        conflicts: ['insert exists'],
      })
      expect(Date.now() - began).toBeLessThan(60_000)
    })
  }, 240_000)
})

describe('a row that the side that serves cannot give out', () => {
  it('ends the first copy with its table and the words of the server', async () => {
    const one: HazardCase = {
      ...{ ...cases[0]!, name: 'unreadable', waivers: [], before: undefined },
      administrator: [
        `create type state as enum ('new', 'void'); create table bill (id int primary key, state state);
         insert into bill values (1, 'new'), (2, 'void'); delete from pg_enum where enumlabel = 'void'`,
      ],
    }
    await withDatabase(one, async (sides) => {
      await expect(replicate(one, sides)).rejects.toMatchObject({
        code: 'initial-copy-fails',
        message: expect.stringMatching(
          /public\.bill" from "source" \(.* into "target" \(.*invalid internal value for enum.* the table on "source" \(/su,
        ) as unknown,
      })
    })
  }, 240_000)
})

describe('a database whose schema alone was copied', () => {
  it('is emptied of what filled itself as it was made, what refers to it too', async () => {
    await asAdministrator(neu.port, 'postgres', 'create database filled')
    const emptied = await withServer(neu.port, 'filled', async (client) => {
      await client.query(`create schema ext; create table ext.unit (id int primary key); create table ext.part (unit int references ext.unit);
        create table untouched (id int); create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
        insert into ext.unit values (1); insert into ext.part values (1);
        create trigger no before truncate on ext.unit execute function no()`)
      return emptyTables(client)
    })
    expect(emptied).toEqual(['ext.part', 'ext.unit'])
    await withServer(neu.port, 'filled', async (client) => {
      expect((await client.query('select from ext.unit')).rowCount).toBe(0)
    })
  })
})
