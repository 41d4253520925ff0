import { databaseRule, everyMoment } from '../census/rule.ts'
import { isComparable, isIdentityTakenAway, lacksIdentity } from '../census/replica-identity.ts'

/** Tables whose updates and deletes would fail as soon as they are published. */
export const tableWithoutKey = databaseRule({
  id: 'table-without-key',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['tables'],
  sentence: {
    zh: '表“{object}”没有主键，或其主键可延迟检查：一旦发布，应用对它的更新和删除都会失败。',
    en: 'Table "{object}" has no primary key, or one that is deferrable: once it is published, the application\'s updates and deletes on it fail.',
  },
  remedy: { zh: '为其增加不可延迟的主键', en: 'Give it a primary key that is not deferrable' },
  waiver: {
    then: 'whole-row-key',
    effect: {
      zh: '届时以整行为键（REPLICA IDENTITY FULL）。',
      en: 'its whole rows then serve as the key (REPLICA IDENTITY FULL).',
    },
  },
  find: ({ tables }) =>
    tables
      .filter((table) => lacksIdentity(table) && !isIdentityTakenAway(table) && isComparable(table))
      .map(({ name }) => ({ object: name, values: {} })),
})
