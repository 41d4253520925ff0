import { databaseRule } from '../census/rule.ts'
import { reaching } from './code-reaches-own-host.ts'

/** What the host of the old server may reach, the network and pg_hba.conf of the other one may refuse to the new host. */
export const codeReachesElsewhere = databaseRule({
  id: 'code-reaches-elsewhere',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['named hosts', 'jobs'],
  sentence: {
    zh: '“{object}”连接其他数据库服务器（{hosts}）。',
    en: '"{object}" connects to other database servers ({hosts}).',
  },
  remedy: {
    zh: '确认新服务器所在主机能到达它们，且它们的 pg_hba.conf 放行该主机；在演练环境调用一次。',
    en: 'Make sure that the host of the new server reaches them, and that their pg_hba.conf admits it; call it once on staging.',
  },
  find: (facts) => reaching(facts, ({ isOwn, ofDatabase }) => ofDatabase && !isOwn),
})
