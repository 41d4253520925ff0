import { type Finding, findingOf } from '../../domain/assessment/finding.ts'
import { messageOf } from '../../domain/errors.ts'
import type { Waivers } from '../../domain/plan/waiving.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import type { DatasetAssessment, Family } from '../family.ts'
import { bothSides } from './both-sides.ts'
import { mysql, type MysqlPlace } from './declaration.ts'
import type { MysqlFacts } from './facts/facts.ts'
import { gather } from './facts/gather.ts'
import { MysqlWayBack } from './health.ts'
import { type DatabaseFound, removal } from './removal.ts'
import { rules } from './rules/index.ts'
import { judge } from './rules/rule.ts'
import { MysqlSide, withSession } from './side.ts'

async function assess(
  source: MysqlSide,
  { target, waivers }: { readonly target?: MysqlSide; readonly waivers: Waivers },
): Promise<DatasetAssessment<MysqlFacts>> {
  const facts = await withSession(source, async (session) => gather(session, source))
  const looked =
    target === undefined
      ? undefined
      : await withSession(target, async (session) => gather(session, target)).catch(messageOf)
  const other = typeof looked === 'string' ? undefined : looked
  const unseen: readonly Finding[] =
    typeof looked === 'string'
      ? [
          findingOf({
            severity: 'warning',
            subject: target?.name ?? '',
            what: said('mysql-target-unseen', { side: target?.name ?? '', because: inForeignWords(looked) }),
            remedy: said('remedy-mysql-target-unseen'),
          }),
        ]
      : []
  return {
    facts,
    findings: [...judge(rules, { from: facts, to: other }, waivers), ...unseen],
    upgrades:
      other === undefined || other.version === facts.version
        ? []
        : [`MariaDB ${facts.version} → ${other.version}`],
  }
}

/** Reaches databases of MariaDB. */
export const implementation: Family<MysqlPlace, MysqlSide, MysqlFacts, DatabaseFound> = {
  ...mysql,
  open: (place, { called, secret, outageToSurviveMs }) =>
    new MysqlSide(called, place, secret, outageToSurviveMs),
  async reach(side) {
    const session = await side.connect()
    await session.end()
  },
  assess,
  bothSides,
  health: ({ opened }) => new MysqlWayBack(opened),
  removal,
}
