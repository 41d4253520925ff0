import type { DatabaseFacts } from './database-facts.ts'
import { isPast } from './end-of-life.ts'
import type { Finding } from './finding.ts'

/** What the server's settings and version say about replication from it. */
export function serverFindings(facts: DatabaseFacts): Finding[] {
  const { server } = facts
  const subject = `${facts.address}:${facts.port}`
  const findings: Finding[] = []
  const critical = (code: string, zh: string, en: string, actionZh: string, actionEn: string): void => {
    findings.push({
      code,
      severity: 'critical',
      subject,
      message: { zh, en },
      action: { zh: actionZh, en: actionEn },
    })
  }
  if (server.walLevel !== 'logical') {
    critical(
      'wal-level',
      `数据库服务器“${subject}”的 wal_level 为“${server.walLevel}”，需要“logical”。`,
      `Server "${subject}" runs with wal_level "${server.walLevel}", where "logical" is needed.`,
      '设置 wal_level = logical 并重启；需要一个维护窗口。',
      'Set wal_level = logical and restart it; that takes a maintenance window.',
    )
  }
  if (server.usedReplicationSlots >= server.maxReplicationSlots) {
    critical(
      'replication-slots-full',
      `服务器“${subject}”的 ${server.maxReplicationSlots} 个复制槽已全部占用。`,
      `All ${server.maxReplicationSlots} replication slots of server "${subject}" are taken.`,
      '删除无人使用的复制槽，或调大 max_replication_slots 并重启。',
      'Drop slots nobody uses, or raise max_replication_slots and restart it.',
    )
  }
  if (server.usedWalSenders >= server.maxWalSenders) {
    critical(
      'wal-senders-full',
      `服务器“${subject}”的 ${server.maxWalSenders} 个 WAL 发送进程已全部占用。`,
      `All ${server.maxWalSenders} WAL senders of server "${subject}" are taken.`,
      '调大 max_wal_senders 并重启。',
      'Raise max_wal_senders and restart it.',
    )
  }
  if (facts.preparedTransactions > 0) {
    critical(
      'prepared-transactions',
      `服务器“${subject}”上有 ${facts.preparedTransactions} 个悬挂的两阶段事务。`,
      `Server "${subject}" holds ${facts.preparedTransactions} prepared transactions.`,
      '提交或回滚它们。',
      'Let them be committed or rolled back.',
    )
  }
  if (server.endOfLife !== undefined && isPast(server.endOfLife, facts.gatheredAtMs)) {
    findings.push({
      code: 'database-end-of-life',
      severity: 'warning',
      subject,
      message: {
        zh: `服务器“${subject}”运行 PostgreSQL ${server.version}，其支持已于 ${server.endOfLife} 终止。`,
        en: `Server "${subject}" runs PostgreSQL ${server.version}, whose support ended on ${server.endOfLife}.`,
      },
      action: { zh: '迁移的同时升级到受支持的版本。', en: 'Move to a supported version on the way.' },
    })
  }
  return findings
}

/** What differs between the old database and the one it moves to. */
export function pairFindings(facts: DatabaseFacts, target: DatabaseFacts): Finding[] {
  const findings: Finding[] = []
  const differs = (
    code: string,
    severity: Finding['severity'],
    what: { zh: string; en: string },
    from: string,
    to: string,
  ): void => {
    findings.push({
      code,
      severity,
      subject: target.database,
      message: {
        zh: `目标库的${what.zh}为“${to}”，旧库为“${from}”。`,
        en: `The ${what.en} of the target database is "${to}", of the old one "${from}".`,
      },
      action:
        severity === 'critical'
          ? { zh: '按旧库的设置重建目标库。', en: 'Make the target database anew to fit the old one.' }
          : { zh: '在测试环境核对排序结果与索引。', en: 'Compare sort order and indexes on staging.' },
    })
  }
  if (target.server.major < facts.server.major) {
    differs(
      'target-older',
      'critical',
      { zh: '版本', en: 'version' },
      facts.server.version,
      target.server.version,
    )
  }
  if (target.encoding !== facts.encoding) {
    differs('encoding-differs', 'critical', { zh: '编码', en: 'encoding' }, facts.encoding, target.encoding)
  }
  if (target.collation !== facts.collation) {
    differs(
      'collation-differs',
      'warning',
      { zh: '排序规则', en: 'collation' },
      facts.collation,
      target.collation,
    )
  }
  return findings
}
