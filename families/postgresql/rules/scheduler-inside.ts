import { databaseRule, everyMoment } from '../census/rule.ts'
import { jobName } from '../jobs/look.ts'

/** Whether such a job is on is a row that is replicated: it cannot be on here and off there. */
export const schedulerInside = databaseRule({
  id: 'scheduler-inside',
  severity: 'critical',
  letsGoBack: true,
  when: everyMoment,
  looksAt: ['jobs'],
  sentence: {
    zh: '任务“{object}”（{words}）保存在要迁移的数据库“{database}”中，会随其复制到另一侧并在那里运行。',
    en: 'Job "{object}" ({words}) is kept in database "{database}" itself: it is replicated with it, and runs on the side that follows as well.',
  },
  remedy: {
    zh: '把调度器移到该服务器的其他数据库（pg_cron：cron.database_name），或在迁移期间停用：“{off}”',
    en: 'Move the scheduler to another database of its server (pg_cron: "cron.database_name"), or switch the job off for the time of the move ("{off}")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当另一侧的服务器不加载该调度器，或其程序随服务的一侧启停时。',
      en: 'that is where the server of the other side does not load the scheduler, or its program is started and stopped with the side that serves.',
    },
  },
  find: ({ jobs, database }) =>
    jobs
      .filter(({ active, place }) => active && place === database)
      .map((job) => ({ object: jobName(job), values: { words: job.words, database, off: job.off } })),
})
