import { isPast } from '../../../domain/assessment/end-of-life.ts'
import { type Found, serverName, serverRule } from './rule.ts'

/* The settings matter on both sides: the way back makes each of them a publisher. */

const always = ['assessment', 'replicate', 'precheck'] as const

export const notSuperuser = serverRule({
  id: 'not-superuser',
  severity: 'critical',
  when: always,
  sentence: {
    zh: '服务器“{object}”上的角色“{role}”不是超级用户，而拦截、订阅和事件触发器都需要超级用户。',
    en: 'Role "{role}" on server "{object}" is no superuser, which fences, subscriptions and event triggers need.',
  },
  remedy: { zh: '指定一个超级用户为管理员。', en: 'Name an administrator that is.' },
  find: (facts) =>
    at(facts, !facts.server.administrator.superuser, { role: facts.server.administrator.name }),
})

export const walLevel = serverRule({
  id: 'wal-level',
  severity: 'critical',
  when: always,
  sentence: {
    zh: '服务器“{object}”的 wal_level 为“{found}”，需要“logical”。',
    en: 'Server "{object}" runs with wal_level "{found}", where "logical" is needed.',
  },
  remedy: {
    zh: '设置 wal_level = logical 并重启；需要一个维护窗口。',
    en: 'Set "wal_level = logical" and restart it; that takes a maintenance window.',
  },
  find: (facts) => at(facts, facts.server.walLevel !== 'logical', { found: facts.server.walLevel }),
})

export const replicationSlotsFull = serverRule({
  id: 'replication-slots-full',
  severity: 'critical',
  when: always,
  sentence: {
    zh: '服务器“{object}”的 {count} 个复制槽已全部占用。',
    en: 'All {count} replication slots of server "{object}" are taken.',
  },
  remedy: {
    zh: '删除无人使用的复制槽，或调大 max_replication_slots 并重启。',
    en: 'Drop slots nobody uses, or raise max_replication_slots and restart it.',
  },
  find: (facts) =>
    at(facts, facts.server.usedReplicationSlots >= facts.server.maxReplicationSlots, {
      count: facts.server.maxReplicationSlots,
    }),
})

export const walSendersFull = serverRule({
  id: 'wal-senders-full',
  severity: 'critical',
  when: always,
  sentence: {
    zh: '服务器“{object}”的 {count} 个 WAL 发送进程已全部占用。',
    en: 'All {count} WAL senders of server "{object}" are taken.',
  },
  remedy: { zh: '调大 max_wal_senders 并重启。', en: 'Raise max_wal_senders and restart it.' },
  find: (facts) =>
    at(facts, facts.server.usedWalSenders >= facts.server.maxWalSenders, {
      count: facts.server.maxWalSenders,
    }),
})

export const replicationWorkers = serverRule({
  id: 'replication-workers',
  severity: 'critical',
  when: always,
  sentence: {
    zh: '服务器“{object}”允许 {count} 个逻辑复制工作进程，至少需要 2 个。',
    en: 'Server "{object}" allows {count} logical replication workers, where at least 2 are needed.',
  },
  remedy: {
    zh: '调大 max_logical_replication_workers 并重启。',
    en: 'Raise max_logical_replication_workers and restart it.',
  },
  find: (facts) =>
    at(facts, facts.server.maxReplicationWorkers < 2, { count: facts.server.maxReplicationWorkers }),
})

export const idleSlotTimeout = serverRule({
  id: 'idle-slot-timeout',
  severity: 'critical',
  when: always,
  sentence: {
    zh: '服务器“{object}”会在“{timeout}”后使空闲复制槽失效，回退通道会因此悄然失去。',
    en: 'Server "{object}" invalidates idle slots after "{timeout}", which would end the way back unnoticed.',
  },
  remedy: {
    zh: '设置 idle_replication_slot_timeout = 0。',
    en: 'Set "idle_replication_slot_timeout = 0".',
  },
  find: (facts) =>
    at(facts, facts.server.idleSlotTimeout !== undefined, { timeout: facts.server.idleSlotTimeout ?? '' }),
})

/** Of the old side: what it moves to is held against it as a pair. */
export const endOfLife = serverRule({
  id: 'database-end-of-life',
  severity: 'warning',
  when: ['assessment'],
  sentence: {
    zh: '服务器“{object}”运行 PostgreSQL {version}，其支持已于 {date} 终止。',
    en: 'Server "{object}" runs PostgreSQL {version}, whose support ended on {date}.',
  },
  remedy: { zh: '迁移的同时升级到受支持的版本。', en: 'Move to a supported version on the way.' },
  find: (facts) => {
    const { version, endOfLife: date = '' } = facts.server
    return at(facts, date !== '' && isPast(date, facts.gatheredAtMs), { version, date })
  },
})

function at(
  side: { readonly address: string; readonly port: number },
  isFound: boolean,
  values: Found['values'],
): readonly Found[] {
  return isFound ? [{ object: serverName(side), values }] : []
}
