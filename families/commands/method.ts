import type { Method, MethodFacts } from '../../domain/plan/method.ts'
import { said } from '../../domain/words/said.ts'

interface Commands {
  readonly without: readonly string[]
}

/** What the shipped playbooks have where a plan does not say it (`longest-stop-minutes`). */
const longestStopMinutes = 240

/** It crosses with the system stopped; whether a rollback copies back depends on the commands of the two sides. */
export function commandsMethod({ source, target, inputs }: MethodFacts<Commands>): Method {
  const given = inputs['longest-stop-minutes']
  const minutes = typeof given === 'number' ? given : longestStopMinutes
  const gap = {
    writeGap: said('gap-stopped', { length: said('length-minutes', { count: minutes }) }),
    gapAtMostMs: minutes * 60_000,
  }
  return !source.without.includes('take') && !target.without.includes('give')
    ? {
        method: 'commands-copied-back',
        because: said('method-for-commands-back'),
        ...gap,
        wayBack: said('back-copied'),
        isLossless: true,
      }
    : {
        method: 'commands-as-left',
        because: said('method-for-commands'),
        ...gap,
        wayBack: said('back-as-left'),
        isLossless: false,
      }
}
