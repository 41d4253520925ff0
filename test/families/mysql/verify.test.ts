import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { follow } from '../../../families/mysql/replicate/follow.ts'
import { verify } from '../../../families/mysql/verify/verify.ts'
import { makePermits, type MariadbPair, permit, startMariadbPair } from '../../support/mariadb-pair.ts'
import { askMariadb } from '../../support/mariadb-servers.ts'

let pair: MariadbPair
const never = new AbortController().signal
const quiet = { signal: never, say: () => undefined }
const testMs = 60_000

/** Changes the side that follows, past its log. */
async function change(sql: string): Promise<void> {
  await askMariadb(pair.new.port, `SET STATEMENT sql_log_bin = 0, foreign_key_checks = 0 FOR ${sql}`)
}
const differences = async (): Promise<readonly string[]> =>
  (await verify({ from: pair.source, to: pair.target, ...quiet })).differences

const values = [
  ['title', `CONCAT(title, ' ')`],
  ['old_title', `'cafe'`],
  ['fee', 'fee + 0.01'],
  ['weight', 'weight * 1.0000002'],
  ['ratio', 'ratio * 1.0000000000000003'],
  ['issued', `'2024-03-01'`],
  ['at', 'at + INTERVAL 1 MICROSECOND'],
  ['flags', 'flags ^ 1'],
  ['seal', `CONCAT(seal, x'00')`],
  ['place', 'POINT(1, 2)'],
  ['kind', `IF(kind = 'a', '乙', 'a')`],
  ['tags', `'x'`],
  ['data', `'{"n": 7777 }'`],
  ['note', `CASE WHEN note IS NULL THEN 'NULL' ELSE NULL END`],
  ['secret', `'Hid'`],
] as const

const definitions = [
  ['index permit.kind.1', `ALTER TABLE ${permit}.permit DROP INDEX kind`],
  ['trigger permit_written', `DROP TRIGGER ${permit}.permit_written`],
  ['view a_second', `ALTER VIEW ${permit}.a_second AS SELECT 1 AS id`],
  ['event ticks', `ALTER EVENT ${permit}.ticks COMMENT 'by another one'`],
  ['routine FUNCTION doubled', `DROP FUNCTION ${permit}.doubled`],
] as const

describe('the verification of a MariaDB database', () => {
  beforeAll(async () => {
    pair = await startMariadbPair('mariadb-verify')
    await makePermits(pair)
    await follow({ from: pair.source, to: pair.target, as: 'pair', waivers: [], ...quiet })
  }, testMs)
  afterAll(async () => pair.stop(), testMs)

  it(
    'finds two sides the same while one is written to',
    async () => {
      expect(await differences()).toEqual([])
    },
    testMs,
  )

  it.each(values)(
    'finds one changed value of the column "%s"',
    async (column, value) => {
      const of = `${permit}.permit`
      await change(
        `CREATE OR REPLACE TABLE ${permit}.kept ENGINE = InnoDB AS SELECT id, ${column} AS v FROM ${of} WHERE id = 11998`,
      )
      await change(`UPDATE ${of} SET \`${column}\` = ${value} WHERE id = 11998`)
      expect((await differences()).filter((one) => one.startsWith('permit '))).toEqual([
        'permit after id 10000',
      ])
      await change(`UPDATE ${of}, ${permit}.kept SET ${of}.\`${column}\` = kept.v WHERE permit.id = kept.id`)
      await change(`DROP TABLE ${permit}.kept`)
      expect(await differences()).toEqual([])
    },
    testMs,
  )

  it(
    'finds a row that is missing, one too many, and the key it stands by',
    async () => {
      await change(`DELETE FROM ${permit}.office WHERE code = '上海' AND area = 2`)
      await change(`INSERT INTO ${permit}.\`odd \`\`name\`\`\` VALUES (12, 'new')`)
      expect(await differences()).toEqual(['odd `name` from its first row', 'office from its first row'])
      await change(`INSERT INTO ${permit}.office VALUES ('上海', 2, 'it''s \\\\ here')`)
      await change(`DELETE FROM ${permit}.\`odd \`\`name\`\`\` WHERE \`a b\` = 12`)
      expect(await differences()).toEqual([])
    },
    testMs,
  )

  it.each(definitions)(
    'finds that "%s" is another one',
    async (thing, sql) => {
      await change(sql)
      expect(await differences()).toContain(thing)
    },
    testMs,
  )
})
