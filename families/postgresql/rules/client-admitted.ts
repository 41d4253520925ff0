import { databaseRule } from '../census/rule.ts'
import { admits } from '../facts/password-facts.ts'

/** A line of pg_hba.conf for one host tells of a client that may not be connected at the moment. */
export const clientAdmitted = databaseRule({
  id: 'client-admitted',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['entries', 'passwords'],
  sentence: {
    zh: 'pg_hba.conf 有一行允许“{roles}”自“{object}”连接数据库“{database}”，而计划中没有应用在该主机上：若该处有程序使用它，切换后仍指向切换离开的一侧。',
    en: 'The pg_hba.conf has a line that lets "{roles}" come from "{object}" to database "{database}", and the plan has no application on that host: what uses it there still goes to the side that was left after a switch.',
  },
  remedy: {
    zh: '查明该处是否还有程序：有则列入计划，没有则删除该行。',
    en: 'Find out whether anything there still uses it: name it in the plan, or take the line away.',
  },
  find: ({ entries, hbaLines, database, appRoles }) =>
    entries.flatMap(({ clients }) =>
      clients === undefined
        ? []
        : hbaLines
            .filter(
              (line) =>
                line.isOneHost === true &&
                line.address !== undefined &&
                !clients.includes(line.address) &&
                appRoles.some((role) => admits(line, database, role)),
            )
            .map(({ address = '', roles }) => ({
              object: address,
              values: { roles: roles.join(', '), database },
            })),
    ),
})
