import { queryRule } from '../census/rule.ts'
import { applicationSchedulersQuery } from '../jobs/application-schedulers.ts'

/** Both applications reach the one database through its entry, so no job is done twice; but a worker has the files of its own host. */
export const jobQueueOfApplication = queryRule({
  id: 'job-queue-of-application',
  severity: 'warning',
  when: ['assessment'],
  sql: applicationSchedulersQuery('queue'),
  sentence: {
    zh: '表“{object}”是应用内任务队列（{tool}）：从新应用启动到旧应用停止，两侧的工作进程都从中取任务，任务可能在不在用的主机上执行，用的是那里的文件。',
    en: 'Table "{object}" is a queue of jobs inside the application ({tool}): from the start of the new application until the old one is stopped, workers on both sides take jobs from it, and one may run on the host that does not serve, with the files there.',
  },
  remedy: {
    zh: '让工作进程成为独立服务，由剧本在割接时切换启停；至少让新侧的工作进程在切换前不启动。',
    en: 'Run the workers as a service of its own that the playbook stops on the one side and starts on the other with the switch; at least do not start those of the new side before it.',
  },
})
