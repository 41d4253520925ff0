import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

import { z } from 'zod'

import { QianyunError } from '../domain/errors.ts'
import { identify, stillRuns } from './process-identity.ts'
import { says } from './sentences.ts'

const RunningProcess = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  startTicks: z.number().nullable(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
})

/** What `standalone.json` says about the stack that runs (or ran) in a home folder. */
const StackRecord = z.object({
  pid: z.number().int().positive(),
  startTicks: z.number().nullable(),
  startedAt: z.string(),
  ports: z.object({ api: z.number(), temporal: z.number(), temporalUi: z.number(), postgres: z.number() }),
  page: z.string(),
  temporalUi: z.string().optional(),
  processes: z.array(RunningProcess),
})

export type StackRecord = z.infer<typeof StackRecord>
export type RunningProcess = z.infer<typeof RunningProcess>

/** Thrown when another stack runs in the same home folder. */
export class StackRunningError extends QianyunError {
  override name = 'StackRunningError'
  readonly code = 'stack-running'

  constructor(
    readonly pid: number,
    readonly page: string,
  ) {
    super(says.runsAlready(pid, page))
  }
}

/** The right to run a stack in a home folder, held by the file `standalone.json` while this process lives. */
export class StackLock {
  private constructor(
    readonly path: string,
    private record: StackRecord,
    /** Processes an earlier stack left behind when it was killed. */
    readonly leftBehind: readonly RunningProcess[],
  ) {}

  /** Takes the lock. Throws StackRunningError when a living process has it. */
  static take(path: string, stack: Pick<StackRecord, 'ports' | 'page'>): StackLock {
    const self = identify(process.pid)
    const record: StackRecord = {
      pid: process.pid,
      startTicks: self?.startTicks ?? null,
      startedAt: new Date().toISOString(),
      ...stack,
      processes: [],
    }
    let leftBehind: RunningProcess[] = []
    for (;;) {
      // A hard link appears whole or not at all, so no other process reads half a record.
      const draft = `${path}.${process.pid}`
      writeFileSync(draft, encode(record), { mode: 0o600 })
      try {
        linkSync(draft, path)
        return new StackLock(path, record, leftBehind)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      } finally {
        rmSync(draft)
      }
      leftBehind = clearStaleRecord(path).filter((process) => stillRuns(process))
    }
  }

  update(change: Partial<Pick<StackRecord, 'processes' | 'temporalUi'>>): void {
    this.record = { ...this.record, ...change }
    const draft = `${this.path}.${process.pid}`
    writeFileSync(draft, encode(this.record), { mode: 0o600 })
    renameSync(draft, this.path)
  }

  release(): void {
    rmSync(this.path, { force: true })
  }
}

/** The record in a lock file; undefined when there is none or it is not one. */
export function readStackRecord(path: string): StackRecord | undefined {
  try {
    return StackRecord.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

/** The stack that runs in a home folder now. */
export function findRunningStack(path: string): StackRecord | undefined {
  const record = readStackRecord(path)
  return record !== undefined && stillRuns(record) ? record : undefined
}

/** Removes a record whose process is gone; gives the processes it names. Throws StackRunningError. */
function clearStaleRecord(path: string): readonly RunningProcess[] {
  const seen = findRunningStack(path)
  if (seen !== undefined) throw new StackRunningError(seen.pid, seen.page)
  // Two starts may both have seen the stale record: who moves a fresh one aside puts it back.
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return []
  }
  const moved = readStackRecord(aside)
  if (moved !== undefined && stillRuns(moved)) {
    renameSync(aside, path)
    throw new StackRunningError(moved.pid, moved.page)
  }
  rmSync(aside, { force: true })
  return moved?.processes ?? []
}

function encode(record: StackRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}
