import { everyMoment, pairRule } from '../census/rule.ts'
import { jobName } from '../jobs/look.ts'

export const jobOnWaitingSide = pairRule({
  id: 'job-on-waiting-side',
  severity: 'critical',
  letsGoBack: true,
  when: everyMoment,
  looksAt: ['jobs'],
  sentence: {
    zh: '任务“{object}”（{words}）在尚未服务的一侧“{server}”已启用：它会在那里写入，或以超级用户身份绕过拦截。',
    en: 'Job "{object}" ({words}) is on at server "{server}", whose side does not serve yet: it would write there, past the fence where a superuser owns it.',
  },
  remedy: {
    zh: '在该服务器的数据库“{place}”中停用它：“{off}”；切换会启用它',
    en: 'Switch it off in database "{place}" there ("{off}"); a switch puts it on',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: { zh: '仅当它不写入任何数据时。', en: 'that is for a job that writes nothing.' },
  },
  find: (_, { jobs, database, address, port }) =>
    jobs
      .filter(({ active, place }) => active && place !== database)
      .map((job) => ({
        object: jobName(job),
        values: { words: job.words, place: job.place, off: job.off, server: `${address}:${String(port)}` },
      })),
})
