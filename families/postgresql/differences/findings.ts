import type { Finding } from '../../../domain/assessment/finding.ts'
import { maskSecrets } from '../../../domain/secret-text.ts'
import { judgeFound } from '../census/judge.ts'
import type { Moment, Rule } from '../census/rule.ts'
import type { GivenWaivers } from '../census/waivers.ts'
import { databaseDiffers } from '../rules/database-differs.ts'
import { settingCarried } from '../rules/setting-carried.ts'
import { settingDiffers } from '../rules/setting-differs.ts'
import { inWordsOfLibrary } from '../rules/sorted-otherwise.ts'
import { sidesDiffer } from '../rules/sides-differ.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { type Difference, objectOf } from './difference.ts'
import { excerpts } from './excerpts.ts'
import { isOfLibrary, reindexStatements } from './sorting.ts'

/** The rule that judges a difference. */
function ruleFor({ kind }: Pick<Difference, 'kind'>): Rule {
  return kind === 'setting' ? settingDiffers : kind === 'database' ? databaseDiffers : sidesDiffer
}

/** Differences as findings of their rules; a waived one carries the reason. Excerpts begin where the texts differ. */
export function findingsOfDifferences(
  differences: readonly Difference[],
  sides: { readonly from: NamedSide; readonly to: NamedSide },
  given: GivenWaivers,
  moment: Moment,
): readonly Finding[] {
  const judging = judgeFound(given, moment)
  const { from, to } = sides
  return differences.map((one) => {
    const { statements } = one
    const [fromText, toText] = excerpts(one.from, one.to)
    const isSorting = isOfLibrary(one)
    const how = isSorting
      ? (one.onOldRecord ?? [])
          .map((which) => `; ${sideName(sides[which])}: ${reindexStatements(one, sides[which])}`)
          .join('')
      : statements.length === 0
        ? ''
        : `: ${writing}; ${maskSecrets(statements.join('; ')).slice(0, longestRemedy)}`
    const rule = moment === 'assessment' && one.carried ? settingCarried : ruleFor(one)
    return judging(isSorting ? inWordsOfLibrary(rule) : rule, {
      object: objectOf(one),
      values: { from: sideName(from), to: sideName(to), fromText, toText, how },
    })
  })
}

const longestRemedy = 1_000
/** A closed side permits no writes. */
const writing = 'set default_transaction_read_only = off'

/** Whether a waiver permits a difference, by the name of the thing. */
export function isWaivedBy(given: GivenWaivers, moment: Moment): (object: string) => boolean {
  const judging = judgeFound(given, moment)
  return (object) => {
    const rule = ruleFor({
      kind: object.startsWith('setting ') ? 'setting' : object.startsWith('database ') ? 'database' : '',
    })
    return judging(rule, { object, values: {} }).waiver !== undefined
  }
}
