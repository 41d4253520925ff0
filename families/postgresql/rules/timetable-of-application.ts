import { queryRule } from '../census/rule.ts'
import { applicationSchedulersQuery } from '../jobs/application-schedulers.ts'

/** The schedulers know nothing of each other: https://github.com/sidekiq-scheduler/sidekiq-scheduler/issues/351 */
export const timetableOfApplication = queryRule({
  id: 'timetable-of-application',
  severity: 'warning',
  when: ['assessment'],
  sql: applicationSchedulersQuery('timetable'),
  sentence: {
    zh: '表“{object}”是应用内定时任务表（{tool}）：从新应用启动到旧应用停止，两侧的调度器都会执行其中的任务，即各执行两次，除非应用自行避免（如 Quartz 集群模式）。',
    en: 'Table "{object}" is the timetable of a scheduler inside the application ({tool}): from the start of the new application until the old one is stopped, the schedulers on both sides run its jobs, each of them twice, unless the application itself prevents that (Quartz as clustered, for example).',
  },
  remedy: {
    zh: '让调度器成为独立服务，由剧本在割接时切换启停；或设为集群模式；至少让新侧的调度器在切换前不启动。',
    en: 'Run the scheduler as a service of its own that the playbook stops on the one side and starts on the other with the switch, or set it up as clustered; at least do not start that of the new side before it.',
  },
})
