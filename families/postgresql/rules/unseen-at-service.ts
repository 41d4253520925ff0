import { serverRule } from '../census/rule.ts'
import { hiddenByServices } from '../census/unseen.ts'

/** What rules that refuse would have found is looked at by people then. */
export const unseenAtService = serverRule({
  id: 'unseen-at-service',
  severity: 'warning',
  when: ['assessment'],
  sentence: {
    zh: '托管服务“{server}”的“{topic}”只有超级用户可以查看：{reason}。相应的核对未做。',
    en: '"{topic}" of the managed service "{server}" can be seen by a superuser alone: {reason}. What would be checked of it is not.',
  },
  remedy: {
    zh: '在服务的控制台核对：谁可从何处登录、口令的保存方式、全文检索的文件。',
    en: 'Look at it by the console of the service: who may log in from where, how passwords are stored, the files of text search.',
  },
  find: ({ isManaged, unknown, address, port }) =>
    isManaged === true
      ? unknown
          .filter(({ topic }) => hiddenByServices.has(topic))
          .map(({ topic, reason }) => ({
            object: topic,
            values: { topic, reason, server: `${address}:${String(port)}` },
          }))
      : [],
})
