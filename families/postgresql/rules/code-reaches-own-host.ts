import { type Found, databaseRule, everyMoment } from '../census/rule.ts'
import type { DatabaseFacts } from '../facts/database-facts.ts'
import type { NamedHost } from '../facts/named-hosts.ts'
import { jobName } from '../jobs/look.ts'

/**
 * A function of dblink, of Python, of an HTTP extension that names localhost or the server it runs on: foreign servers are looked at by a
 * rule of their own. What the application keeps in rows of its tables is not read.
 */
export const codeReachesOwnHost = databaseRule({
  id: 'code-reaches-own-host',
  severity: 'critical',
  letsGoBack: true,
  when: everyMoment,
  looksAt: ['named hosts', 'jobs'],
  sentence: {
    zh: '“{object}”写有数据库所在的主机本身（{hosts}）：切换后，localhost 指向另一台主机上的内容，本主机的地址仍指向切换离开、已被封锁的一侧。',
    en: '"{object}" names the host of the database itself ({hosts}): after a switch, localhost is the other host with whatever is there, and the address of this one still leads to the side that was left, which is closed.',
  },
  remedy: {
    zh: '改为两侧都能到达且不随本次迁移下线的主机名；连接本库自身的，改用入口的地址',
    en: 'Have it use a host that both sides reach and that is not wiped by this move; for the database itself, the address of its entry',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当它用 localhost 连接本库自身，或两侧主机上有相同的内容，或无人使用它时。',
      en: 'that is for one that reaches the database itself by localhost, for both hosts with the same there, or where nobody uses it.',
    },
  },
  find: (facts) => reaching(facts, ({ isOwn }) => isOwn),
})

/** Code, settings and jobs that name such hosts, each with all of them. */
export function reaching(
  { namedHosts, jobs }: Pick<DatabaseFacts, 'namedHosts' | 'jobs'>,
  isMeant: (one: Omit<NamedHost, 'object'>) => boolean,
): readonly Found[] {
  const ofJobs = jobs.flatMap((job) =>
    (job.namedHosts ?? []).map((one) => ({ object: jobName(job), ...one })),
  )
  const found = new Map<string, readonly string[]>()
  for (const { object, host, ...how } of [...namedHosts, ...ofJobs])
    if (isMeant({ host, ...how })) found.set(object, [...(found.get(object) ?? []), host])
  return [...found].map(([object, hosts]) => ({ object, values: { hosts: hosts.join(', ') } }))
}
