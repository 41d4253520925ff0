import { actsFor } from '../../domain/scope.ts'
import type { AuditEntry, AuditLine } from '../../storage/audit-chain.ts'
import type { WithStores } from '../context.ts'
import { sees, type Viewer } from './visibility.ts'

type Stores = WithStores<'audit' | 'plans' | 'playbookRuns' | 'systems'>

const portion = 500
/** How many entries one request looks through for the few that its caller may read. */
const mostLookedThrough = 20_000

/** Entries after a sequence that the caller may read, and how far was looked. */
export async function visibleAudit(
  context: Stores,
  viewer: Viewer,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ readonly lines: readonly AuditLine[]; readonly through: number; readonly more: boolean }> {
  const { audit } = context.stores
  const mayRead = viewer.role === 'auditor' ? () => Promise.resolve(true) : await readerFor(context, viewer)
  const lines: AuditLine[] = []
  let through = after
  while (through - after < mostLookedThrough) {
    const page = await audit.list(through, portion)
    for (const line of page) {
      if (lines.length === limit) return { lines, through, more: true }
      if (await mayRead(line.entry)) lines.push(line)
      through = line.entry.sequence
    }
    if (page.length < portion) return { lines, through, more: false }
  }
  return { lines, through, more: true }
}

/**
 * Whether a coordinator may read an entry: it is about a system, a plan or a move that the coordinator acts for, or its own
 * organisation has done it, or was refused it.
 */
async function readerFor(
  { stores }: Stores,
  viewer: Viewer,
): Promise<(entry: AuditEntry) => Promise<boolean>> {
  const owners = await stores.systems.owners()
  const actsForIt = (system: unknown): boolean => {
    const row = typeof system === 'string' ? owners.get(system) : undefined
    return row !== undefined && actsFor(viewer.scope, row)
  }
  const plans = new Map<string, boolean>()
  for (const { content } of await stores.plans.list())
    plans.set(content.plan, actsForIt(content.system) && sees(viewer, content.organisations))
  const runs = new Map<string, boolean>()
  const isOwnRun = async (runId: string): Promise<boolean> => {
    const known = runs.get(runId)
    if (known !== undefined) return known
    const plan = (await stores.playbookRuns.find(runId))?.request.plan.plan
    runs.set(runId, plan !== undefined && plans.get(plan) === true)
    return runs.get(runId) === true
  }
  const isOwn = ({ actor, detail }: AuditEntry): boolean =>
    actor === undefined
      ? detail['organisation'] === viewer.organisation
      : actor.organisation === viewer.organisation

  return async (entry) => {
    const { kind, subject, detail } = entry
    switch (kind) {
      case 'event':
      case 'command-given':
      case 'command-not-given':
      case 'launch-requested':
      case 'launch-withdrawn':
      case 'workflow-ended':
      case 'workflow-runs-again':
      case 'projection-folded-anew':
        return actsForIt(subject.replace(/-\d+$/, ''))
      case 'system-imported':
        return actsForIt(subject)
      case 'plan-created':
        return plans.get(subject) === true
      case 'secret-address':
        return actsForIt(detail['system'])
      case 'playbook-run':
      case 'playbook-run-ended':
        return isOwnRun(subject)
      case 'account-set':
        return detail['organisation'] === viewer.organisation
      case 'evidence-stored':
      case 'refusal':
        return isOwn(entry)
    }
  }
}
