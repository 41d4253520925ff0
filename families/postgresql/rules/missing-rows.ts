import type { Rule } from '../census/rule.ts'

/** What helps where rows of the side that follows are missing, or may be. */
export const missingRows = {
  remedy: {
    zh: '比对两侧全部表（postgres-verify）；不一致时重新复制全部数据（复制步骤加 replace: true；回退方向用 qianyun retention rearm）',
    en: 'Compare the tables of both sides (postgres-verify). Where they differ, copy everything anew (the replication step with "replace: true"; on the way back "qianyun retention rearm")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当此后已比对过两侧全部表且一致时。',
      en: 'that is where all tables of both sides were compared since, and are alike.',
    },
  },
} as const satisfies Pick<Rule, 'remedy' | 'waiver'>
