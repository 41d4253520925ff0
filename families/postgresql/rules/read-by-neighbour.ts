import { databaseRule } from '../census/rule.ts'

/** The neighbour stays where it is, and its foreign server goes on leading to the side that is left. https://www.postgresql.org/docs/current/postgres-fdw.html */
export const readByNeighbour = databaseRule({
  id: 'read-by-neighbour',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['neighbours'],
  sentence: {
    zh: '同一服务器的数据库“{object}”经外部服务器 {server}（{tables} 张外部表）访问本数据库：切换后它仍访问离开的一侧，写入被拒绝，读到的停在切换时刻，下线后则出错。',
    en: 'Database "{object}" of the same server reaches this one by foreign server {server} ({tables} foreign tables): after a switch it still reaches the side that is left, which refuses its writes or its login, gives what was there at the switch, and is wiped in the end.',
  },
  remedy: {
    zh: '与其负责人商定，切换时改为指向本数据库的入口（alter server {server} options (set host …, set port …)），并确认入口与新服务器的 pg_hba.conf 放行该主机',
    en: 'Agree with its owner that it leads to the entry of this database from the switch on ("alter server {server} options (set host …, set port …)"), and that entry and pg_hba.conf admit that host',
  },
  find: ({ neighbours }) =>
    neighbours.map(({ database, name, tables }) => ({
      object: database,
      subject: `${database} ${name}`,
      values: { server: name, tables },
    })),
})
