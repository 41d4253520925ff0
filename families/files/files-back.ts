import { messageOf, QianyunError } from '../../domain/errors.ts'
import type { DatasetLook, ReplicationHealth } from '../../domain/measurement/replication-health.ts'
import type { LookedAtMove, WatchedMove } from '../../domain/move/watched-move.ts'
import { keepsFiles } from '../../domain/move/way-back.ts'
import { type Bandwidth, bandwidthOf } from '../../domain/plan/bandwidth.ts'
import { type FileTree, fileTreesOf } from '../../domain/plan/file-trees.ts'
import type { Said } from '../../domain/words/message.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import type { WayBackPorts, WayBackWatcher } from '../way-back.ts'
import type { FileTree as OpenedTree } from './removal.ts'
import { findCarries } from './steps/sync-files/carries.ts'
import { rememberCarried } from './steps/sync-files/gone.ts'
import type { SyncFilesParams } from './steps/sync-files/params.ts'
import { runPass } from './steps/sync-files/pass.ts'

export interface FilesBackParts extends WayBackPorts<Pick<OpenedTree, 'host'>> {
  /** The pause between two passes of a folder. After a longer pass the pause is as long as the pass. */
  readonly restMs: (move: WatchedMove) => number
}

const passesAtOnce = 4
/** A file that is renamed while it is listed ends a pass early. The next pass follows at once and shows whether anything else is wrong. */
const secondTryAfterMs = 1_000
const longestMessage = 400

/**
 * Keeps the files of old sides current by passes from the side that serves, over the folders of the plan. Runs in the
 * background; `health` shows how current the files are.
 */
export class FilesBack implements WayBackWatcher {
  readonly maxLagMs = { lab: 60_000, production: 3_600_000 }
  private readonly kept = new Map<string, KeptTree>()
  private readonly passes = new Set<Promise<void>>()

  constructor(private readonly parts: FilesBackParts) {}

  /** Keeps the files of these moves and of no others: begins the passes that are due, and ends those of other moves. */
  keepOnly(moves: readonly WatchedMove[]): void {
    const wanted = new Map(
      moves
        .filter(keepsFiles)
        .flatMap((move) => fileTreesOf(move.plan).map((tree) => [keyOf(move, tree.name), { move, tree }])),
    )
    for (const [key, kept] of this.kept) {
      if (wanted.has(key)) continue
      kept.end()
      this.kept.delete(key)
    }
    for (const [key, { move, tree }] of wanted) {
      if (!this.kept.has(key)) this.kept.set(key, new KeptTree(this.parts, move, tree))
    }
    const due = [...this.kept.values()]
      .filter((kept) => kept.isDue())
      .toSorted((one, other) => one.nextPassAtMs - other.nextPassAtMs)
    for (const kept of due.slice(0, Math.max(0, passesAtOnce - this.passes.size))) {
      const pass = kept.pass().finally(() => this.passes.delete(pass))
      this.passes.add(pass)
    }
  }

  /** How current a dataset of a move is at an instant; undefined if it is not kept. */
  async look(move: LookedAtMove, dataset: string, atMs: number): Promise<DatasetLook | undefined> {
    const kept = this.kept.get(keyOf(move, dataset))
    return kept && { health: kept.health(atMs) }
  }

  /** Ends every pass and waits until it has ended on the hosts. */
  async stop(): Promise<void> {
    this.keepOnly([])
    await Promise.all(this.passes)
  }
}

/** Another switch of the same move begins a new record: the direction has changed. */
function keyOf({ migration, switches }: LookedAtMove, dataset: string): string {
  return `${migration}/${String(switches.length)}/${dataset}`
}

class KeptTree {
  nextPassAtMs = 0
  private readonly ending = new AbortController()
  private passing = false
  private asOfMs: number | undefined
  private failuresInRow = 0
  private failure: Said | undefined

  constructor(
    private readonly parts: FilesBackParts,
    private readonly move: WatchedMove,
    private readonly tree: FileTree,
  ) {}

  isDue(): boolean {
    return !this.passing && this.nextPassAtMs <= Date.now()
  }

  end(): void {
    this.ending.abort()
  }

  /** A later pass makes up for a failed one; a single failure may be a file that was renamed while it was listed. */
  health(atMs: number): ReplicationHealth {
    const { asOfMs, failure, failuresInRow } = this
    return {
      channel: failure === undefined ? 'running' : 'stopped',
      ...(asOfMs === undefined ? {} : { lagMs: Math.max(0, atMs - asOfMs) }),
      figures: { failedPasses: failuresInRow },
      reasons: failure === undefined ? [] : [failure],
    }
  }

  /** Runs one pass and keeps its outcome for `health`. Never throws. */
  async pass(): Promise<void> {
    this.passing = true
    const beganAtMs = Date.now()
    try {
      await this.carry()
      this.failuresInRow = 0
      this.failure = undefined
    } catch (error) {
      this.failuresInRow += 1
      if (this.failuresInRow > 1) this.failure = notCarried(error)
    } finally {
      const endedAtMs = Date.now()
      const restMs = Math.max(this.parts.restMs(this.move), endedAtMs - beganAtMs)
      this.nextPassAtMs = endedAtMs + (this.failuresInRow === 1 ? secondTryAfterMs : restMs)
      this.passing = false
    }
  }

  private async carry(): Promise<void> {
    const { move, parts, tree } = this
    this.asOfMs ??= await parts.lastKnownAsOfMs(move, tree.name)
    await parts.whileServing(move, this.ending.signal, async (signal) => {
      const beganAtMs = Date.now()
      await carryBack(
        tree,
        bandwidthOf(move.plan.policy),
        (host) => parts.opened(move, tree.name, host === tree.source.host ? 'source' : 'target').host,
        signal,
      )
      this.asOfMs = beganAtMs
    })
  }
}

/**
 * One pass to the old side, to which nobody writes: a file is copied even if its counterpart there is newer. The pass removes no file and
 * makes no folder.
 */
async function carryBack(
  { source, target }: FileTree,
  bandwidth: Bandwidth,
  host: (name: string) => HostPort,
  signal: AbortSignal,
): Promise<void> {
  const params: SyncFilesParams = {
    from: target,
    to: source,
    newer: 'replace',
    delete: false,
    gone: 'keep',
    owners: false,
    without: [],
    exclude: [],
    passes: 1,
    mustBeFlat: false,
    checksum: false,
    scope: 'all',
    bandwidth,
  }
  const carries = await findCarries(params, { host, signal })
  const once = { carries, dryRun: false, checksum: false, unattended: true }
  const { changes } = await runPass(params, once, { host, signal, say: () => undefined })
  // What is removed on the new side later is known to have been carried.
  if (changes > 0) await rememberCarried(params, false, { host, signal })
}

/** `failure` is the code of the error, for programs; no sentence contains it. */
function notCarried(error: unknown): Said {
  const message = messageOf(error).slice(0, longestMessage)
  const [failure, because] =
    error instanceof QianyunError ? [error.code, error.told ?? message] : ['unexpected', message]
  return { code: 'files-not-carried', values: { because, failure } }
}
