import { pairRule } from '../census/rule.ts'
import { jobName, namesakeOf } from '../jobs/look.ts'

export const jobWithoutNamesake = pairRule({
  id: 'job-without-namesake',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck'],
  looksAt: ['jobs'],
  sentence: {
    zh: '任务“{object}”（{words}）在服务的一侧运行，而另一侧“{server}”没有同名任务：切换后无人执行它。',
    en: 'Job "{object}" ({words}) runs on the side that serves, and server "{server}" of the other side has none of that name: after a switch nobody does its work.',
  },
  remedy: {
    zh: '在该服务器的同一调度器中建立同名任务并停用，或在服务的一侧停用它',
    en: 'Make it there under the same name and leave it off, or switch it off where it runs',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '它在两侧均保持原样，由其所有者处理。',
      en: 'it is then left as it is on both sides, and its owner sees to it.',
    },
  },
  find: ({ jobs, database }, other) =>
    jobs
      .filter((job) => job.active && job.place !== database && namesakeOf(job, other.jobs) === undefined)
      .map((job) => ({
        object: jobName(job),
        values: { words: job.words, server: `${other.address}:${String(other.port)}` },
      })),
})
