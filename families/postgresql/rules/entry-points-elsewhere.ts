import { databaseRule } from '../census/rule.ts'

export const entryPointsElsewhere = databaseRule({
  id: 'entry-points-elsewhere',
  severity: 'critical',
  when: ['assessment', 'preflight'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）指向“{found}”，而不是旧侧“{database}”。',
    en: 'Entry "{object}" at {place} leads to "{found}", and not to the database that is moved, "{database}" as the plan has its address.',
  },
  remedy: {
    zh: '使入口与计划中的地址一致：写法也须相同。',
    en: 'Let entry and plan name the same place, written alike.',
  },
  find: ({ entries, address, port, database }) =>
    entries
      .filter(({ unseen, pointsHere }) => unseen === undefined && !pointsHere)
      .map(({ name, place, pointsTo }) => ({
        object: name,
        values: { place, found: pointsTo, database: `${address}:${String(port)}/${database}` },
      })),
})
