import { atServer, serverRule } from '../census/rule.ts'
import { megabytes } from '../figures.ts'

export const diskUnseen = serverRule({
  id: 'disk-unseen',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server', 'room'],
  sentence: {
    zh: '服务器“{object}”的空闲磁盘空间未能查明：{because}。其日志高峰时每小时增长 {rate} MB；能承受对侧停机多久尚不可知，副本是否放得下也不可知。',
    en: 'What is free on the disks of server "{object}" is not known: {because}. It writes up to {rate} MB of log an hour; how long an outage of the other side it survives, and whether a copy fits, is unknown.',
  },
  remedy: {
    zh: '核对计划中该数据库所在主机，并允许其登录用户以 sudo 读取数据目录，然后重新评估；或自行核对空间。',
    en: 'Check the host the plan gives for it, let its login user read the data directory by sudo, and assess again; or look at the disks yourself.',
  },
  find: (facts) =>
    atServer(facts, facts.outage?.unknownBecause !== undefined, {
      because: facts.outage?.unknownBecause ?? '',
      rate: megabytes((facts.outage?.logBytesPerSecond ?? 0) * 3_600),
    }),
})
