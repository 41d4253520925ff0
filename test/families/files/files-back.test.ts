import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { fileTreesOf } from '../../../domain/plan/file-trees.ts'
import { hostLabel, hostOf } from '../../../domain/plan/places.ts'
import type { Migration } from '../../../domain/move/migration.ts'
import type { ReplicationHealth } from '../../../domain/measurement/replication-health.ts'
import { beginMigration } from '../../../domain/move/migration.ts'
import { say } from '../../../domain/words/said.ts'
import { findTargets } from '../../../families/files/inventory.ts'
import { FilesBack } from '../../../families/files/files-back.ts'
import { PostgresWayBack } from '../../../families/postgresql/health.ts'
import { openClient } from '../../../families/postgresql/server/connections.ts'
import { controlDatabase } from '../../../families/postgresql/server/control-schema.ts'
import {
  beginOpen,
  closeSide,
  forgetSide,
  ensureControl,
  freshToken,
  openClosedSide,
  readState,
} from '../../../families/postgresql/server/control.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { actors } from '../../support/actors.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { database, port, withServer } from '../../support/postgres-pair.ts'
import { type TestServer, makeFolder, removeFolder, startServer } from '../../support/postgres-servers.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let folder: string
let server: TestServer
let fixture: PlaybookFixture
let files: FilesBack
let pool: HostPool
let move: Migration

beforeAll(async () => {
  sshd = await startSshd()
  folder = await makeFolder('files-back')
  server = await startServer(folder, 'new', 18)
  await withServer(server.port, 'postgres', async (client) => client.query(`create database ${database}`))
  await ensureControl(newSide())
  await onControl(async (control) => beginOpen(control, newSide()))
  await fence()
  await openAgain(1)
}, 60_000)
afterAll(async () => {
  await server.stop()
  await removeFolder(folder)
  await sshd.close()
}, 30_000)
beforeEach(() => {
  fixture = playbookFixture({ sshd })
  for (const place of [uploads('new'), uploads('old'), other('new'), other('old')])
    mkdirSync(place, { recursive: true })
  move = switched()
  const { address, port: sshPort, user, hostKey, privateKey } = sshd
  pool = new HostPool()
  const serving = new PostgresWayBack((_move, _dataset, role) => (role === 'source' ? oldSide() : newSide()))
  files = new FilesBack({
    opened: ({ plan }, _dataset, role) => ({
      host: pool.host({
        ...{ name: hostLabel(hostOf(plan, role)), address, port: sshPort, user, hostKey },
        ...{ privateKey: async () => privateKey, serviceDir: undefined },
      }),
    }),
    whileServing: async (m, signal, work) => serving.whileServing(m, 'database', signal, work),
    restMs: () => 50,
    lastKnownAsOfMs: async () => longAgoMs,
  })
})
afterEach(async () => {
  await files.stop()
  await pool.close()
  await fixture.close()
})

const longAgoMs = 1_000
const newSide = () => port('target', server.port)
const oldSide = () => port('source', server.port, 'left')
const uploads = (side: 'old' | 'new') =>
  join(fixture.scratch, side === 'old' ? 'source' : 'target', "files: it's")
const other = (side: 'old' | 'new') => `${uploads(side)}-other`

/** A move that was cut over in the generation the server has, whose plan has this folder or none. */
function switched(generation = 1, folder: 'named' | 'none' = 'named'): Migration {
  const { plan } = fixture.request('back')
  const { files: _files, ...datasets } = plan.datasets
  const named = {
    family: 'files',
    source: { host: 'source', path: uploads('old') },
    staging: { host: 'staging', path: '/srv/files' },
    target: { host: 'target', path: uploads('new') },
  }
  const launched = beginMigration({
    migration: 'permit-desk-1',
    sequence: 1,
    atMs: 0,
    actor: actors.coordinator,
    type: 'launched',
    data: {
      plan: {
        ...plan,
        datasets: folder === 'named' ? { ...datasets, files: named } : datasets,
      },
      planDigest: '',
    },
  })
  const result = { gapMs: 1, generation, anatomyMs: {} }
  return {
    ...launched,
    phase: 'retention',
    switches: [{ kind: 'cutover', atMs: 0, result }],
    retention: { startedAtMs: 0, untilMs: 1, wayBack: { state: 'armed', reasons: [], atMs: 0 } },
  }
}

async function onControl<T>(work: (control: Awaited<ReturnType<typeof openClient>>) => Promise<T>) {
  const control = await openClient(newSide(), 'test', controlDatabase)
  try {
    return await work(control)
  } finally {
    await control.end()
  }
}

const fence = async () =>
  onControl(async (control) => {
    const { token } = await readState(control, newSide())
    await closeSide(control, newSide(), token, freshToken('test'))
  })
const openAgain = async (generation: number) =>
  onControl(async (control) => {
    const { token } = await readState(control, newSide())
    await openClosedSide(control, newSide(), token, freshToken('test'), generation)
  })

/** Looks again and again, as the guard does, until it is so. */
async function keepUntil(wanted: () => boolean): Promise<void> {
  const untilMs = Date.now() + 50_000
  while (Date.now() < untilMs) {
    files.keepOnly([move])
    seen = (await files.look(move, 'files', Date.now()))?.health
    if (wanted()) return
    await sleep(10)
  }
  throw new Error(`it did not come to be: ${JSON.stringify(seen)}`)
}

/** What the last look saw. */
let seen: ReplicationHealth | undefined
const failure = () => seen?.reasons[0]?.values['failure']
const because = () => seen?.reasons.map((reason) => say('en', reason)).join() ?? ''

describe('the files of the old side', () => {
  it('are carried from the folder of the plan to its place there, and no others', async () => {
    writeFileSync(join(uploads('new'), '附件.pdf'), 'new')
    writeFileSync(join(other('new'), 'n'), '')
    writeFileSync(join(other('old'), 'o'), '')
    await keepUntil(() => existsSync(join(uploads('old'), '附件.pdf')))
    writeFileSync(join(uploads('new'), '附件.pdf'), 'changed')
    await keepUntil(() => readFileSync(join(uploads('old'), '附件.pdf'), 'utf8') === 'changed')
    expect(readdirSync(uploads('old'))).toEqual(['附件.pdf'])
    expect([readdirSync(other('new')), readdirSync(other('old'))]).toEqual([['n'], ['o']])
    expect(seen).toMatchObject({ channel: 'running', reasons: [] })
  })

  it('are carried though they are older than what they replace, as out of an archive', async () => {
    writeFileSync(join(uploads('new'), 'a'), 'new')
    await keepUntil(() => existsSync(join(uploads('old'), 'a')))
    writeFileSync(join(uploads('new'), 'a'), 'put back')
    utimesSync(join(uploads('new'), 'a'), 1_600_000_000, 1_600_000_000)
    await keepUntil(() => readFileSync(join(uploads('old'), 'a'), 'utf8') === 'put back')
    expect(failure()).toBeUndefined()
  })

  it('are known to have been carried, so that what is removed later can be moved aside on the way back', async () => {
    writeFileSync(join(uploads('new'), 'later'), 'since the cutover')
    await keepUntil(() => existsSync(join(uploads('old'), 'later')))
    const carried = join(sshd.directory, '.qianyun/carried')
    const records = () =>
      existsSync(carried) ? readdirSync(carried).map((name) => join(carried, name, 'entries')) : []
    await keepUntil(() =>
      records().some((record) => existsSync(record) && readFileSync(record, 'utf8').includes('./later')),
    )
    expect(failure()).toBeUndefined()
  })

  it('are kept as the new side first found them, and the removal of the data takes them along', async () => {
    writeFileSync(join(uploads('old'), 'a'), 'as it was left')
    for (const content of ['first', 'second', 'third']) {
      writeFileSync(join(uploads('new'), 'a'), content)
      await keepUntil(() => readFileSync(join(uploads('old'), 'a'), 'utf8') === content)
    }
    writeFileSync(join(uploads('new'), 'b'), '')
    await keepUntil(() => existsSync(join(uploads('old'), 'b')))
    expect(failure()).toBeUndefined()
    const place = join(sshd.directory, '.qianyun/before/first')
    const host = pool.host(sshd.target())
    const { copies } = await findTargets(host, [uploads('old')], new AbortController().signal)
    const kept = copies.filter((copy) => copy.startsWith(place))
    expect(kept).toHaveLength(1)
    expect(readFileSync(join(kept[0] ?? '', 'content/a'), 'utf8')).toBe('as it was left')
  })

  it('are carried after a cutover whose figures were lost, too', async () => {
    move = switched(0)
    writeFileSync(join(uploads('new'), 'a'), '')
    await keepUntil(() => existsSync(join(uploads('old'), 'a')))
    expect(failure()).toBeUndefined()
  })

  it('stay when they are gone on the new side', async () => {
    writeFileSync(join(uploads('new'), 'a'), '')
    await keepUntil(() => existsSync(join(uploads('old'), 'a')))
    rmSync(join(uploads('new'), 'a'))
    writeFileSync(join(uploads('new'), 'b'), '')
    await keepUntil(() => existsSync(join(uploads('old'), 'b')))
    expect(readdirSync(uploads('old')).toSorted()).toEqual(['a', 'b'])
  })

  it('are as old as the beginning of the last pass that carried all', async () => {
    const beganAtMs = Date.now()
    rmSync(uploads('old'), { recursive: true })
    await keepUntil(() => failure() !== undefined)
    // An earlier guard's word holds as long as no pass succeeds.
    expect(seen?.lagMs).toBeGreaterThanOrEqual(beganAtMs - longAgoMs)
    mkdirSync(uploads('old'))
    await keepUntil(() => failure() === undefined)
    expect(seen?.lagMs).toBeLessThan(Date.now() - beganAtMs)
  })

  it('are no dataset where the plan names no folder', async () => {
    move = switched(1, 'none')
    expect(fileTreesOf(move.plan)).toEqual([])
    for (let looks = 0; looks < 30; looks += 1) {
      files.keepOnly([move])
      await sleep(10)
    }
    expect(await files.look(move, 'files', Date.now())).toBeUndefined()
    expect(readdirSync(uploads('old'))).toEqual([])
  })
})

describe('files that cannot be carried', () => {
  it('are a finding with the reason, and no more once they can', async () => {
    await sshd.stop()
    await keepUntil(() => failure() !== undefined)
    expect(failure()).toBe('host-unreachable')
    expect(because()).toContain('"cloud"')
    expect(seen?.channel).toBe('stopped')
    await sshd.start()
    await keepUntil(() => failure() === undefined)
  })

  it('because the new side does not say that it serves, are a finding too', async () => {
    await server.stop()
    await keepUntil(() => failure() !== undefined)
    expect(failure()).toBe('new-side-unknown')
    await server.restart({})
    await keepUntil(() => failure() === undefined)
  })

  it('because the old side was opened without the new one, are a finding, and none is carried', async () => {
    await onControl(async (control) => {
      await beginOpen(control, oldSide())
      await control.query(`update cutover_state set generation = 2 where database = 'left'`)
    })
    writeFileSync(join(uploads('new'), 'a'), '')
    await keepUntil(() => failure() !== undefined)
    expect(failure()).toBe('side-stale')
    expect(readdirSync(uploads('old'))).toEqual([])
    await onControl(async (control) => forgetSide(control, oldSide().database))
    await keepUntil(() => existsSync(join(uploads('old'), 'a')))
  })

  it('into a folder that was wiped do not make it anew', async () => {
    writeFileSync(join(uploads('new'), 'a'), '')
    await keepUntil(() => existsSync(join(uploads('old'), 'a')))
    rmSync(uploads('old'), { recursive: true })
    await keepUntil(() => failure() === 'sync-failed')
    expect(existsSync(uploads('old'))).toBe(false)
  })
})

describe('a pass', () => {
  const big = () => join(uploads('new'), 'big')
  const arriving = () => readdirSync(uploads('old')).filter((name) => name.includes('big'))

  beforeEach(async () => {
    writeFileSync(big(), '')
    truncateSync(big(), 4_000_000_000)
    await keepUntil(() => arriving().length > 0)
  })

  it('ends, and leaves no part of a file, when the new side is fenced, and none begins after that', async () => {
    await fence()
    await keepUntil(() => failure() !== undefined)
    expect(failure()).toBe('new-side-not-serving')
    expect(because()).toContain('recorded as "closed" in generation 1')
    expect(arriving()).toEqual([])
    // The new side of a later cutover is not the one this pass was to carry from.
    await openAgain(3)
    await keepUntil(() => because().includes('"open" in generation 3'))
    expect(arriving()).toEqual([])
    await fence()
    await openAgain(1)
  })

  it('ends when the move is no longer to be kept', async () => {
    files.keepOnly([])
    await files.stop()
    expect(arriving()).toEqual([])
    expect(await files.look(move, 'files', Date.now())).toBeUndefined()
  })
})
