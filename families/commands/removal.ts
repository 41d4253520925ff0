import { quoteAll } from '../../runner/ssh/quote.ts'
import type { FoundAtPlace, Removal } from '../family.ts'
import { ColdSideServesError } from './errors.ts'
import { readRecord, removeRecord } from './record.ts'
import type { CommandsSide } from './side.ts'

/** What a side keeps in its folders, before they are removed. The folders themselves are named to `wipe` as its paths. */
export const removal: Removal<CommandsSide, FoundAtPlace> = {
  async check(side) {
    if (!(await isThere(side))) return
    const { record } = await readRecord(side)
    if (record?.state !== 'closed') throw new ColdSideServesError(side.name, record?.state ?? 'unknown')
    if (!(await side.asks('is-stopped'))) throw new ColdSideServesError(side.name, 'running')
  },
  // The files are counted, and removed, by whoever is given the folders.
  find: async () => ({ bytes: 0 }),
  remove: async () => undefined,
  disposal: () => ({ overwritten: [], removedOnly: [], stillThere: [], notLookedAt: [] }),
  left: async () => [],
  forget: removeRecord,
}

async function isThere({ host, place }: CommandsSide): Promise<boolean> {
  const script = `for path in ${quoteAll(place.paths)}; do if [ -e "$path" ]; then echo there; fi; done`
  return (await host.run(script)).stdout !== ''
}
