import type { HostRole } from '../../domain/host.ts'
import { type Step, durationMs } from '../../domain/playbook/playbook.ts'
import { type Variables, evaluateCondition } from '../language/expression.ts'
import { filledParams } from '../language/step-params.ts'
import { assertKind } from '../steps/find-kind.ts'
import { syncFiles, SyncFilesParams } from '../../families/files/steps/sync-files/params.ts'
import { runPass } from '../../families/files/steps/sync-files/pass.ts'
import type { PlaybookRun } from './playbook-run.ts'
import { bindStep } from './step-run.ts'
import { withinTime } from './within-time.ts'

/** The hosts of the plan that files are carried between. */
export interface Direction {
  readonly from: HostRole
  readonly to: HostRole
}

/** What a playbook carries in one direction. */
export interface CarriedFiles {
  readonly folders: number
  /**
   * Makes one pass over every folder, as one between a side that alone is written to and one that waits: whatever the steps
   * say, a file is carried though the other is newer, and none is removed. No folder is made, and the journal is not touched.
   * @throws SyncFailedError, StepTimeoutError, the signal's reason
   */
  pass(signal: AbortSignal): Promise<void>
}

/** The folders that the run's steps carry in one direction. @throws what binding the steps throws */
export async function filesCarried(run: PlaybookRun, way: Direction): Promise<CarriedFiles> {
  const variables = await run.variables()
  const folders = foldersCarried(run, way, variables)
  return {
    folders: folders.length,
    async pass(signal) {
      for (const { step, params } of folders) {
        await withinTime(step.id, durationMs(step.timeout), signal, async (inTime) => {
          const context = run.context(step.id, variables, { signal: inTime, marks: [], say: () => undefined })
          const once = { dryRun: false, checksum: false, unattended: true }
          await runPass({ ...params, newer: 'replace', delete: false }, once, context)
        })
      }
    },
  }
}

interface Folder {
  readonly step: Step
  readonly params: SyncFilesParams
}

/** A switch carries the same folder more than once: it is taken as the first step has it. */
function foldersCarried(run: PlaybookRun, way: Direction, variables: Variables): readonly Folder[] {
  const folders = new Map<string, Folder>()
  for (const step of run.playbook.steps) {
    if (step.kind !== syncFiles.name) continue
    if (step.when !== undefined && !evaluateCondition(step.when, variables)) continue
    bindStep(run, step, variables)
    const params = SyncFilesParams.parse(filledParams(step, assertKind(step.kind), variables))
    const { from, to } = params
    if (run.bindings.assertHost(from.host) !== way.from || run.bindings.assertHost(to.host) !== way.to)
      continue
    const key = JSON.stringify([from.path, to.path])
    if (!folders.has(key)) folders.set(key, { step, params })
  }
  return [...folders.values()]
}
