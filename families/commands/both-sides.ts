import type { SideLook } from '../../domain/move/workflow-end.ts'
import type { BothSides, DatasetSides, SettledDataset } from '../both-sides.ts'
import { ColdBothServeError, ColdHasNoneError } from './errors.ts'
import { readRecord, type SideRecord, writeRecord } from './record.ts'
import type { CommandsSide } from './side.ts'
import { isDecided, isStale, reopen } from './switch/cold-switch.ts'

const startTimeoutMs = 600_000

type Found = SideRecord | 'none' | 'no-answer'

async function recordOf(side: CommandsSide): Promise<Found> {
  try {
    return (await readRecord(side)).record ?? 'none'
  } catch {
    return 'no-answer'
  }
}

function looked(found: Found, other: Found): SideLook {
  if (found === 'no-answer') return found
  const own = typeof found === 'object' ? found : undefined
  if (typeof other === 'object' && isDecided(other, own)) return 'open'
  if (found === 'none' || found.state === 'copy') return 'never-switched'
  return typeof other === 'object' && isStale(found, other) ? 'stale' : found.state
}

/** What is done on both sides at once: from the records that each keeps on its own host. */
export const bothSides: BothSides<CommandsSide> = {
  async look(old, newSide): Promise<DatasetSides> {
    const [one, other] = await Promise.all([recordOf(old), recordOf(newSide)])
    const found = { old: looked(one, other), new: looked(other, one) }
    return typeof one === 'object' && found.new === 'open'
      ? { ...found, switched: { ...one.switched, generation: one.generation } }
      : found
  },

  async settle(old, newSide): Promise<SettledDataset> {
    const [one, other] = await Promise.all([readRecord(old), readRecord(newSide)])
    const [left, opened] = [one.record, other.record]
    if (isDecided(left, opened)) return serves('new', newSide)
    if (isDecided(opened, left)) return serves('old', old)
    if (left?.state === 'open' && opened?.state === 'open' && !isStale(opened, left))
      throw new ColdBothServeError(old.name, newSide.name)
    if (opened?.state === 'open' && left?.state !== 'open') return serves('new', newSide)
    if (left === undefined && opened === undefined) return { serves: 'none', undone: false }
    const undone = left?.state === 'closed'
    await reopen(old, startTimeoutMs)
    return { serves: 'old', undone }
  },

  async reseed(old) {
    throw new ColdHasNoneError(old.name)
  },
  mayGiveUp: async () => undefined,
  dropGivenUp: async () => undefined,
}

/** Makes sure that the side a switch was decided for is on record as that, and runs. */
async function serves(which: 'old' | 'new', side: CommandsSide): Promise<SettledDataset> {
  const read = await readRecord(side)
  if (read.record?.state !== 'open') {
    const generation = read.record?.generation ?? 0
    await writeRecord(side, read, { state: 'open', generation, since: new Date().toISOString() })
  }
  if (!(await side.asks('is-running'))) await side.serve({ timeoutMs: startTimeoutMs })
  return { serves: which, undone: false }
}
