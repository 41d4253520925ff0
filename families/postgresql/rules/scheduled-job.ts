import { databaseRule } from '../census/rule.ts'
import { jobName } from '../jobs/look.ts'

export const scheduledJob = databaseRule({
  id: 'scheduled-job',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['jobs'],
  sentence: {
    zh: '数据库服务器内的定时任务“{object}”（{words}）作用于数据库“{database}”，保存在“{place}”中，不随数据库迁移。',
    en: 'Job "{object}" inside the database server ({words}) works on database "{database}"; it is kept in "{place}" and does not move with it.',
  },
  remedy: {
    zh: '在新服务器的同一调度器中建立同名任务并停用：切换时在离开的一侧停用、在服务的一侧启用，回退时相反。',
    en: 'Make it under the same name in the same scheduler of the new server, and leave it off: a switch puts it on there and off on the side that is left, and a way back the other way round.',
  },
  find: ({ jobs, database }) =>
    jobs
      .filter(({ active, place }) => active && place !== database)
      .map((job) => ({ object: jobName(job), values: { words: job.words, database, place: job.place } })),
})
