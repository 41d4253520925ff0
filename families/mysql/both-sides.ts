import type { SideLook } from '../../domain/move/workflow-end.ts'
import type { BothSides, DatasetSides } from '../both-sides.ts'
import { MysqlHasNoneError } from './errors.ts'
import { reseed } from './replicate/reseed.ts'
import { alone } from './sides/alone.ts'
import { type ReadRecord, recordOf } from './sides/record.ts'
import { isStale } from './sides/verdict.ts'
import type { MysqlSide } from './side.ts'
import { settled } from './switch/settle.ts'

const patienceMs = 10_000

type Found = ReadRecord | 'none' | 'no-answer'

async function found(side: MysqlSide): Promise<Found> {
  return recordOf(side, { connectTimeoutMs: patienceMs, answersWithinMs: patienceMs }).then(
    (record) => record ?? 'none',
    () => 'no-answer' as const,
  )
}

function looked(own: Found, other: Found): SideLook {
  if (own === 'no-answer') return own
  const record = typeof own === 'object' ? own : undefined
  if (typeof other === 'object' && other.decided && (record?.generation ?? 0) <= other.generation)
    return 'open'
  if (record === undefined || record.state === 'copy') return 'never-switched'
  if (record.state === 'open' && record.generation === 0) return 'never-switched'
  return typeof other === 'object' && isStale(record, other) ? 'stale' : record.state
}

/** What is done on both sides at once, from what each has on record on its own server. */
export const bothSides: BothSides<MysqlSide> = {
  async look(old, newSide): Promise<DatasetSides> {
    const [own, other] = await Promise.all([found(old), found(newSide)])
    const looks = { old: looked(own, other), new: looked(other, own) }
    const isCutOff = [own, other].some(
      (one) =>
        typeof one === 'object' &&
        ((one.state === 'closed' && !one.decided) ||
          (one.detail.fence !== undefined && one.state === 'open')),
    )
    return {
      ...looks,
      ...(isCutOff && { unsettled: true as const }),
      ...(typeof own === 'object' &&
        looks.new === 'open' && { switched: { ...own.detail.switched, generation: own.generation } }),
    }
  },
  async settle(old, newSide) {
    const { serves, undone } = await alone([old, newSide], async () => settled(old, newSide, patienceMs))
    return { serves: serves === 'none' ? serves : serves === 'from' ? 'old' : 'new', undone }
  },
  async reseed(old, newSide, { waivers, signal }) {
    const plan = { serves: newSide, follows: old, waivers, signal, say: () => undefined }
    const { rows, copyMs } = await alone([old, newSide], async () => reseed(plan))
    return { rows, copyMs }
  },
  mayGiveUp: async () => undefined,
  async dropGivenUp(side) {
    throw new MysqlHasNoneError(side.name)
  },
}
