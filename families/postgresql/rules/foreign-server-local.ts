import { databaseRule, everyMoment } from '../census/rule.ts'

const loopback = /^(localhost|localhost\..*|127\..*|::1|0\.0\.0\.0|\/.*)$/i

/** What is local to the host that is left is another thing, or nothing, on the new one; and the host that is left is wiped. */
export const foreignServerLocal = databaseRule({
  id: 'foreign-server-local',
  severity: 'critical',
  letsGoBack: true,
  when: everyMoment,
  looksAt: ['foreign servers'],
  sentence: {
    zh: '外部服务器“{object}”（{wrapper}，被 {tables} 张外部表使用）指向数据库所在的主机本身（{where}）：切换后它指向另一台主机上的内容，或什么也没有。',
    en: 'Foreign server "{object}" ({wrapper}, used by {tables} foreign tables) leads to the host of the database itself ({where}): after a switch it leads to whatever is on the other host, or to nothing.',
  },
  remedy: {
    zh: '改为两侧都能到达且不随本次迁移下线的主机名（alter server {object} options (set host …)）',
    en: 'Give it a host that both sides reach and that is not wiped by this move ("alter server {object} options (set host …)")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当两侧主机上有相同的内容时。',
      en: 'that is where both hosts have the same there.',
    },
  },
  find: ({ foreignServers, address }) =>
    foreignServers
      .filter(({ host }) => host === undefined || host === address || loopback.test(host))
      .map(({ name, wrapper, tables, host }) => ({
        object: name,
        values: { wrapper, tables, where: host ?? '-' },
      })),
})
