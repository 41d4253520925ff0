import type { Said } from '../words/message.ts'
import type { PlaybookOutcome } from './outcome.ts'

/** Few enough for an event; the results themselves hold all. */
const mostNamed = 20

/** What the verifications of a playbook's run left out, each once. Results that are stored by their digest name nothing here. */
export function notComparedIn({ done }: Pick<PlaybookOutcome, 'done'>): readonly Said[] {
  const named = done.flatMap(({ result }) => {
    const { notCompared } = result
    return Array.isArray(notCompared) ? (notCompared as readonly Said[]) : []
  })
  return [...new Map(named.map((what) => [JSON.stringify(what), what])).values()].slice(0, mostNamed)
}
