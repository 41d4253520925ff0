import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'

import { prepareSwitch, writeEntries } from '../../../../families/postgresql/pgbouncer/entry-file.ts'
import { HostPool } from '../../../../runner/ssh/pool.ts'
import type { HostPort } from '../../../../runner/steps/kind.ts'
import { type TestSshd, startSshd } from '../../../support/sshd.ts'

let sshd: TestSshd
let pool: HostPool
let host: HostPort
let folder: string
let file: string

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
  host = pool.host(sshd.target())
})
afterAll(async () => {
  await pool.close()
  await sshd.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-entry-'))
  file = join(folder, 'databases.ini')
  writeFileSync(file, lines('old', 'old'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const lines = (permits: string, taxes: string) =>
  `[databases]\npermits = host=${permits} port=1 dbname=desk\ntaxes = host=${taxes} port=1 dbname=desk\n`
const at = (side: string) => ({ host: side, port: 1, database: 'desk' })

it('a prepared switch lies beside the file until it is applied, and leaves nothing behind', async () => {
  const prepared = await prepareSwitch(host, file, [{ name: 'permits', target: at('new') }])
  expect(readFileSync(file, 'utf8')).toBe(lines('old', 'old'))
  await prepared.apply()
  expect(readFileSync(file, 'utf8')).toBe(lines('new', 'old'))
  await prepared.discard()
  expect(readdirSync(folder)).toEqual(['databases.ini'])
})

it('a prepared switch that is not applied is taken away, by whoever ends the connection', async () => {
  const prepared = await prepareSwitch(host, file, [{ name: 'permits', target: at('new') }])
  expect(readdirSync(folder)).toHaveLength(2)
  await prepared.discard()
  expect(readdirSync(folder)).toEqual(['databases.ini'])
  await prepareSwitch(host, file, [{ name: 'permits', target: at('new') }])
  sshd.dropConnections()
  while (readdirSync(folder).length > 1) await sleep(20)
  expect(readFileSync(file, 'utf8')).toBe(lines('old', 'old'))
})

it('two moves that share an entry host leave each other’s entry alone', async () => {
  const permits = await prepareSwitch(host, file, [{ name: 'permits', target: at('new') }])
  const taxes = await prepareSwitch(host, file, [{ name: 'taxes', target: at('cloud') }])
  await taxes.apply()
  await permits.apply()
  expect(readFileSync(file, 'utf8')).toBe(lines('new', 'cloud'))
  await permits.discard()
  await taxes.discard()
  await Promise.all([
    writeEntries(host, file, [{ name: 'permits', target: at('old') }]),
    writeEntries(host, file, [{ name: 'taxes', target: at('old') }]),
  ])
  expect(readFileSync(file, 'utf8')).toBe(lines('old', 'old'))
})
