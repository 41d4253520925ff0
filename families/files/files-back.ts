import { QianyunError } from '../../domain/errors.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import { type WayBackMeasurement, backward } from '../../domain/move/way-back.ts'
import type { Runner } from '../../runner/runner.ts'
import { assertNotStale } from '../postgresql/replication/old-side.ts'
import { whileServing } from '../postgresql/replication/while-serving.ts'
import type { DatabasePort } from '../../runner/steps/kind.ts'

export interface FilesBackParts {
  readonly runner: Pick<Runner, 'filesCarried'>
  readonly databaseOf: (plan: MigrationPlan, role: 'source' | 'target') => DatabasePort
  /** How long a move's files rest between two passes. A pass that took longer is followed by as long a rest. */
  readonly restMs: (move: Migration) => number
  /** The instant as of which the old side is known to have every file, from before this process. */
  readonly lastKnownAsOfMs: (move: Migration) => Promise<number>
}

type FilesLook = Pick<WayBackMeasurement, 'filesAgeMs' | 'filesFailure'>

const passesAtOnce = 4
/** A file that is renamed while it is listed ends a pass early. The next one, at once, finds out whether that was all. */
const secondTryAfterMs = 1_000

/**
 * Keeps the files of old sides current by passes from the side that serves, those the plan's rollback would make. Goes on
 * in the background: what it comes to is looked at.
 */
export class FilesBack {
  private readonly kept = new Map<string, KeptFiles>()
  private readonly passes = new Set<Promise<void>>()

  constructor(private readonly parts: FilesBackParts) {}

  /** Has these moves' files kept, and no others': begins the passes that are due and ends those of other moves. */
  keepOnly(moves: readonly Migration[]): void {
    const wanted = new Map(moves.map((move) => [keyOf(move), move]))
    for (const [key, files] of this.kept) {
      if (wanted.has(key)) continue
      files.end()
      this.kept.delete(key)
    }
    for (const [key, move] of wanted) {
      if (!this.kept.has(key)) this.kept.set(key, new KeptFiles(this.parts, move))
    }
    const due = [...this.kept.values()]
      .filter((files) => files.isDue())
      .toSorted((one, other) => one.nextPassAtMs - other.nextPassAtMs)
    for (const files of due.slice(0, Math.max(0, passesAtOnce - this.passes.size))) {
      const pass = files.pass().finally(() => this.passes.delete(pass))
      this.passes.add(pass)
    }
  }

  /** How current a move's files are at an instant; empty while that is not known, and for a system without files. */
  look(move: Migration, atMs: number): FilesLook {
    return this.kept.get(keyOf(move))?.look(atMs) ?? {}
  }

  /** Ends every pass and waits until it has ended on the hosts. */
  async stop(): Promise<void> {
    this.keepOnly([])
    await Promise.all(this.passes)
  }
}

/** After another switch they are other files to keep, though of the same move. */
function keyOf(move: Migration): string {
  return `${move.migration}/${String(move.switches.length)}`
}

class KeptFiles {
  nextPassAtMs = 0
  private readonly ending = new AbortController()
  private passing = false
  private asOfMs: number | undefined
  private folders = 0
  private failuresInRow = 0
  private failure: NonNullable<FilesLook['filesFailure']> | undefined

  constructor(
    private readonly parts: FilesBackParts,
    private readonly move: Migration,
  ) {}

  isDue(): boolean {
    return !this.passing && this.nextPassAtMs <= Date.now()
  }

  end(): void {
    this.ending.abort()
  }

  look(atMs: number): FilesLook {
    const { asOfMs, failure } = this
    return {
      ...(asOfMs === undefined || this.folders === 0 ? {} : { filesAgeMs: Math.max(0, atMs - asOfMs) }),
      ...(failure === undefined ? {} : { filesFailure: failure }),
    }
  }

  /** One pass, its outcome kept for `look`. Never throws. */
  async pass(): Promise<void> {
    this.passing = true
    const beganAtMs = Date.now()
    try {
      await this.carry()
      this.failuresInRow = 0
      this.failure = undefined
    } catch (error) {
      this.failuresInRow += 1
      if (this.failuresInRow > 1) this.failure = described(error)
    } finally {
      const endedAtMs = Date.now()
      const restMs = Math.max(this.parts.restMs(this.move), endedAtMs - beganAtMs)
      this.nextPassAtMs = endedAtMs + (this.failuresInRow === 1 ? secondTryAfterMs : restMs)
      this.passing = false
    }
  }

  private async carry(): Promise<void> {
    const { move, parts } = this
    const carried = await parts.runner.filesCarried(requestOf(move), backward.hosts)
    this.folders = carried.folders
    if (carried.folders === 0) return
    this.asOfMs ??= await parts.lastKnownAsOfMs(move)
    const recorded = move.switches.at(-1)?.result.generation
    // A cutover that was found done has lost its figures.
    const generation = recorded === 0 ? undefined : recorded
    const newSide = parts.databaseOf(move.plan, 'target')
    // A new side that came back after the old one was opened without it is open by its own record too.
    await assertNotStale(parts.databaseOf(move.plan, 'source'), newSide)
    await whileServing(newSide, generation, this.ending.signal, async (signal) => {
      const beganAtMs = Date.now()
      await carried.pass(signal)
      this.asOfMs = beganAtMs
    })
  }
}

/** The rollback's playbook, bound as a rollback binds it. A run of its own that has no journal. */
function requestOf({ migration, plan, hostKeys, switches }: Migration): RunRequest {
  return {
    runId: `${migration}/files-back-${String(switches.length)}`,
    migration,
    system: plan.system,
    playbook: plan.playbooks.rollback,
    plan,
    ...backward,
    hostKeys,
    inputs: plan.inputs,
    skip: [],
    confirmed: [],
  }
}

function described(error: unknown): NonNullable<FilesLook['filesFailure']> {
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof QianyunError ? error.code : 'unexpected', message }
}
