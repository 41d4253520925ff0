import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setUpDatabase } from '../../api/use-cases/set-up-database.ts'
import type { Problem, RouteName } from '../../api/contract.ts'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import { movesOver, planPermitDesk } from '../support/api-move.ts'
import { cloneDatabase } from '../support/clone-database.ts'
import { openApi, type Call } from '../support/open-api.ts'
import { makeNamespace, startWorkers } from '../support/orchestrator.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import {
  adminPassword,
  adminUser,
  makeFolder,
  removeFolder,
  startServer,
  type TestServer,
} from '../support/postgres-servers.ts'
import { useTemporal } from '../support/temporal.ts'

/** Why no file system of a size of its own can be made here; undefined where one can. */
function whyNoMount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const none = whyNoMount()
const temporal = useTemporal()
const at = { system: 'permit-desk' }
let folder: string
let disk: string
let server: TestServer
let database: Awaited<ReturnType<typeof cloneDatabase>>
let api: Awaited<ReturnType<typeof openApi>>
let stopWorkers: () => Promise<void>

/** Its data alone are on a disk of 256 MiB. */
async function startOnSmallDisk(): Promise<void> {
  folder = await makeFolder('disk-full')
  disk = join(folder, 'product')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'none', disk])
  server = await startServer(folder, 'product', 18, { max_wal_size: '64MB', min_wal_size: '32MB' })
  const adminUrl = `postgres://${adminUser}:${adminPassword}@127.0.0.1:${String(server.port)}/postgres`
  database = await cloneDatabase(adminUrl, 'template1')
  await setUpDatabase(database.url, { api: 'api', orchestrator: 'orchestrator', runner: 'runner' })
}

/** The next bytes of the log have a file that is there already: a server without that ends, and is told as one that does not answer. */
async function roomForTheLog(): Promise<void> {
  await database.pool.query('select pg_switch_wal()')
  await database.pool.query('create table filled_up ()')
  await database.pool.query('checkpoint')
}

function fillUp(): void {
  const filler = openSync(join(disk, 'filler'), 'w')
  for (const bytes of [1_048_576, 4_096]) {
    try {
      for (;;) writeSync(filler, Buffer.alloc(bytes, 1))
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    }
  }
  closeSync(filler)
  expect(statfsSync(disk).bfree).toBe(0)
}

/** Asks until it cannot be recorded: what fits into the blocks that a table has is taken. */
async function refusedAtLast(name: RouteName, call: (n: number) => Call): Promise<Problem> {
  for (let n = 0; n < 200; n += 1) {
    const answer = await api.send(name, call(n))
    if (answer.status === 400) throw new Error(answer.text.slice(0, 500))
    if (answer.status === 503) return answer.json as Problem
  }
  throw new Error(`${name} was taken 200 times on a full disk`)
}

async function health(status: number): Promise<unknown> {
  for (let looks = 0; looks < 600; looks += 1) {
    const answer = await api.send('health')
    if (answer.status === status) return answer.json
    await sleep(100)
  }
  throw new Error(`The health did not come to ${String(status)}`)
}

const filling = (n: number): Call => ({
  as: 'coordinator',
  body: Array.from({ length: 100 }, (_, row) => ({
    ...{ system: `filler-${String(n)}-${String(row)}-desk`, name: '满', department: 'permit-bureau' },
    ...{ mlpsLevel: 2, classified: false },
  })),
})

;(none === undefined ? describe : describe.skip)(
  `the disk of the product’s own database, full${none === undefined ? '' : ` (skipped, nothing can be mounted: ${none})`}`,
  () => {
    beforeAll(async () => {
      await startOnSmallDisk()
      const client = await makeNamespace(temporal)
      api = await openApi(database, client)
      stopWorkers = await startWorkers(temporal, client.options.namespace, database)
      const plan = samplePlanInput({ policy: { ...samplePlanInput().policy, profile: 'lab' } })
      await planPermitDesk(api, plan)
      await api.call('launchMigration', { as: 'coordinator', body: { plan: plan.plan } })
      await movesOver(api, at).until('findings', (m) => m.tasks.some(({ id }) => id === 'accept-findings'))
    }, 120_000)

    afterAll(async () => {
      // A server that ends on a full disk comes up on one with room.
      rmSync(join(disk, 'filler'), { force: true })
      await stopWorkers()
      await api.close()
      await database.drop()
      await server.stop()
      execFileSync('umount', [disk])
      await removeFolder(folder)
    }, 60_000)

    it('is told by the health with since when, has commands refused, and everything goes on once there is room', async () => {
      const { look } = movesOver(api, at)
      expect(await health(200)).toMatchObject({ status: 'ok' })
      const before = await look()
      await roomForTheLog()
      const beganAtMs = Date.now()
      fillUp()

      const refusedImport = await refusedAtLast('importSystems', filling)
      expect(refusedImport).toMatchObject({ status: 503, code: 'storage-unavailable' })
      expect(refusedImport.detail).toMatch(/The database of Qianyun/)
      // What the rules refuse is on record first, until the blocks that there are hold no more of this length.
      await refusedAtLast('resume', () => ({
        ...{ as: 'operations', params: at, body: { note: randomBytes(990).toString('hex') } },
      }))
      const pause: Call = {
        ...{ as: 'operations', params: at, body: { reason: randomBytes(990).toString('hex') } },
        headers: { 'idempotency-key': 'paused-on-a-full-disk' },
      }
      const refusedPause = await api.refused('pause', pause)
      expect(refusedPause).toMatchObject({ status: 503, code: 'storage-unavailable' })
      const told = await health(503)
      expect(told).toMatchObject({ code: 'not-recording', sinceMs: expect.any(Number) })
      const { sinceMs, detail } = told as { readonly sinceMs: number; readonly detail: string }
      expect(sinceMs).toBeGreaterThanOrEqual(beganAtMs)
      expect(detail).toMatch(/The database of Qianyun has taken nothing since 20.*No space left on device/)
      // It still reads.
      expect(await look()).toEqual(before)

      rmSync(join(disk, 'filler'))
      expect(await health(200)).toMatchObject({ status: 'ok' })
      await api.call('pause', pause)
      expect((await look()).standing).toBe('paused')
      await api.call('resume', { as: 'operations', params: at, body: { note: 'there is room' } })
      expect((await look()).standing).toBe('moving')
      await api.call('importSystems', filling(0))
      const { faults } = await verifyAudit(database.pool)
      expect(faults).toEqual([])
    }, 120_000)
  },
)
