import { databaseRule, everyMoment } from '../census/rule.ts'
import { isIdentityTakenAway } from '../census/replica-identity.ts'

export const replicaIdentityTakenAway = databaseRule({
  id: 'replica-identity-taken-away',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['tables'],
  sentence: {
    zh: '表“{object}”有主键，但其复制标识为 REPLICA IDENTITY {identity}：一旦发布，应用对它的更新和删除都会失败。',
    en: 'Table "{object}" has a primary key, but is set to REPLICA IDENTITY {identity}: once it is published, the application\'s updates and deletes on it fail.',
  },
  remedy: {
    zh: '恢复为默认（alter table {object} replica identity default）',
    en: 'Set it to the default ("alter table {object} replica identity default")',
  },
  waiver: {
    then: 'own-key',
    effect: {
      zh: '届时以其主键为键（REPLICA IDENTITY DEFAULT）。',
      en: 'its primary key then serves (REPLICA IDENTITY DEFAULT) until the way back is disarmed.',
    },
  },
  find: ({ tables }) =>
    tables.filter(isIdentityTakenAway).map(({ name, replicaIdentity }) => ({
      object: name,
      values: { identity: replicaIdentity === 'nothing' ? 'NOTHING' : 'USING INDEX (gone or invalid)' },
    })),
})
