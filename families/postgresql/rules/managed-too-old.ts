import { atServer, everyMoment, serverRule } from '../census/rule.ts'

/** The version since which who is no superuser may subscribe, and applies changes as the owner of each table. */
export const oldestManaged = 16

export const managedTooOld = serverRule({
  id: 'managed-too-old',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '托管服务“{object}”为 PostgreSQL {version}：16 之前只有超级用户能够订阅，数据无法在线迁入。',
    en: 'The managed service "{object}" is PostgreSQL {version}: before 16 nobody but a superuser subscribes, so nothing is moved into it online.',
  },
  remedy: {
    zh: '选用 PostgreSQL 16 或更新的实例；或停机迁移：以数据族“commands”的数据集使用 pg_dump 和 pg_restore，或另行迁移。',
    en: 'Take an instance of PostgreSQL 16 or newer; or move it cold, as a dataset of the family "commands" with pg_dump and pg_restore, or as a tracked plan.',
  },
  find: (facts) =>
    atServer(
      facts,
      facts.isManaged === true && !facts.server.administrator.superuser && facts.server.major < oldestManaged,
      { version: facts.server.version },
    ),
})
