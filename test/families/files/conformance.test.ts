import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { WatchedMove } from '../../../domain/move/watched-move.ts'
import { implementation as filesFamily } from '../../../families/files/index.ts'
import type { WayBackWatcher } from '../../../families/way-back.ts'
import { implementation as syncFiles } from '../../../families/files/steps/sync-files/index.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { implementation as wipe } from '../../../runner/steps/wipe/index.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import { samplePlan } from '../../support/plan.ts'
import { runStep } from '../../support/run-step.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'
import { type FamilyHarness, describeFamily } from '../conformance.ts'

/** The source is the old side; a copy goes to the new one, which serves later. */
let hosts: { readonly source: TestSshd; readonly target: TestSshd }
let watcher: WayBackWatcher | undefined
const pool = new HostPool()
let isServing = true

type Side = 'source' | 'target'
const folder = (side: Side) => join(hosts[side].directory, 'uploads')

function host(side: Side): HostPort {
  const { address, port, user, hostKey, privateKey } = hosts[side]
  const key = { privateKey: async () => privateKey, serviceDir: undefined }
  return pool.host({ name: side, address, port, user, hostKey, ...key })
}

async function sync(checksumOnly = false): Promise<Record<string, unknown>> {
  return runStep(
    syncFiles,
    {
      from: { host: 'source', path: folder('source') },
      to: { host: 'target', path: folder('target') },
      ...(checksumOnly ? { checksum: true } : { delete: true }),
    },
    stepContext([host('source'), host('target')]),
  )
}

/** Every file with its mode, its time and what is in it. */
function contentOf(side: Side): string {
  const all = readdirSync(folder(side), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return all
    .map((path) => {
      const { mode, mtimeMs } = statSync(path)
      const name = path.slice(folder(side).length)
      return [name, mode.toString(8), mtimeMs, readFileSync(path, 'hex')].join(' ')
    })
    .join('\n')
}

/** A move in retention whose plan names the folders. */
function watched(): WatchedMove {
  const plan = samplePlan()
  const place = (side: Side) => ({ host: side, path: folder(side) })
  const staging = { host: 'staging', path: '/srv/files' }
  const tree = { family: 'files', source: place('source'), staging, target: place('target') }
  return {
    ...{ migration: 'permit-desk-1', sequence: 9, phase: 'retention', hostKeys: {} },
    plan: {
      ...plan,
      policy: { ...plan.policy, profile: 'lab' },
      datasets: { ...plan.datasets, files: tree },
    },
    switches: [{ kind: 'cutover', atMs: 0, result: { generation: 1, anatomyMs: {} } }],
    retention: { startedAtMs: 0, untilMs: 1, wayBack: { state: 'armed', reasons: [], atMs: 0 } },
  }
}

const harness: FamilyHarness = {
  family: 'files',
  async start() {
    const [source, target] = await Promise.all([startSshd(), startSshd()])
    hosts = { source, target }
    mkdirSync(join(folder('source'), 'deep'), { recursive: true })
    writeFileSync(join(folder('source'), '附件.pdf'), 'one')
    writeFileSync(join(folder('source'), 'deep', 'big'), Buffer.alloc(3_000_000, 'x'))
    chmodSync(join(folder('source'), 'deep', 'big'), 0o640)
    utimesSync(join(folder('source'), '附件.pdf'), 1_600_000_000, 1_600_000_000)
  },
  async stop() {
    await watcher?.stop()
    await pool.close()
    await Promise.all([hosts.source.close(), hosts.target.close()])
  },
  copy: async () => {
    await sync()
  },
  discard: async () => rmSync(folder('target'), { recursive: true }),
  contentOf: async (side) => contentOf(side === 'source' ? 'source' : 'target'),
  // As long as before and as old: what size and time tell apart is not asked here.
  changeOneValue: async () => {
    const path = join(folder('target'), 'deep', 'big')
    const { atime, mtime } = statSync(path)
    const bytes = readFileSync(path)
    bytes[1_500_000] = 'y'.charCodeAt(0)
    writeFileSync(path, bytes)
    utimesSync(path, atime, mtime)
  },
  verify: async () => (await sync(true))['verified'] === true,
  copyParts: ['the look', 'the pass', 'its end', 'the comparison'],
  async dieInCopy(part) {
    writeFileSync(join(folder('source'), part), Buffer.alloc(1_000_000, part))
    const place = (side: Side) => {
      const { address, port, user, hostKey, privateKey } = hosts[side]
      return { address, port, user, hostKey, privateKey, path: folder(side) }
    }
    await dieInChild('sync-and-die.ts', {
      ...{ from: place('source'), to: place('target') },
      atProcess: { 'the look': 2, 'the pass': 4, 'its end': 6, 'the comparison': 8 }[part],
    })
  },
  switching: {
    absent:
      'files go on to be written where the application serves, so they are carried around the switch of a database',
  },
  async keepWayBack() {
    watcher = filesFamily.health?.({
      opened: (_move, _dataset, role) => ({ host: host(role as Side), paths: [folder(role as Side)] }),
      whileServing: async (_, signal, work) => {
        if (!isServing) throw new Error('the new side does not serve')
        await work(signal)
      },
      lastKnownAsOfMs: async () => Date.now() - 1_000,
    })
    writeFileSync(join(folder('target'), 'uploaded later'), 'new')
  },
  async health() {
    watcher?.keepOnly([watched()])
    return (await watcher?.look(watched(), 'files', Date.now()))?.health
  },
  waysToLose: [
    {
      name: 'the old host is away',
      harm: async () => hosts.source.stop(),
      channel: 'stopped',
      reason: 'files-not-carried',
      mend: async () => hosts.source.start(),
    },
    {
      name: 'the new host is away',
      harm: async () => hosts.target.stop(),
      channel: 'stopped',
      reason: 'files-not-carried',
      mend: async () => hosts.target.start(),
    },
    {
      name: 'the folder of the old side is gone',
      harm: async () => renameSync(folder('source'), `${folder('source')}-away`),
      channel: 'stopped',
      reason: 'files-not-carried',
      mend: async () => renameSync(`${folder('source')}-away`, folder('source')),
    },
    {
      name: 'the new side does not serve',
      harm: async () => void (isServing = false),
      channel: 'stopped',
      reason: 'files-not-carried',
      mend: async () => void (isServing = true),
    },
  ],
  async remove() {
    await watcher?.stop()
    const by = { account: 'owner-li', role: 'owner', organisation: 'permit-bureau' } as const
    await runStep(
      wipe,
      { host: 'source', paths: [folder('source')] },
      {
        ...stepContext([host('source')]),
        retention: async () => ({ untilMs: 0, release: { statement: 'It may go.', by, atMs: 0 } }),
      },
    )
  },
  leftOver: async () => [folder('source')].filter((path) => existsSync(path)),
}

describeFamily(harness)
