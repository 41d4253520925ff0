import type { DatabaseFacts, TableFacts } from './database-facts.ts'
import { pairFindings, serverFindings } from './database-server-findings.ts'
import type { Finding } from './finding.ts'

/** The name under which a plan waives large objects: they are then copied at the switch instead of replicated. */
const largeObjectsWaiver = 'large-objects'

/** What the facts of the old database, and of the one it moves to where known, say about its move. Pure. */
export function databaseFindings(facts: DatabaseFacts, target?: DatabaseFacts): Finding[] {
  return [
    ...facts.tables.flatMap(tableFindings),
    ...largeObjectFindings(facts),
    ...serverFindings(facts),
    ...sequenceFindings(facts),
    ...triggerFindings(facts),
    ...relationFindings(facts),
    ...roleFindings(facts),
    ...(target === undefined ? [] : pairFindings(facts, target)),
    ...facts.unknown.map(({ topic, reason }): Finding => ({
      code: 'topic-unknown',
      severity: 'warning',
      subject: `${facts.database}: ${topic}`,
      message: {
        zh: `数据库“${facts.database}”的“${topic}”未能查明：${reason}`.slice(0, 400),
        en: `"${topic}" of database "${facts.database}" could not be looked at: ${reason}`.slice(0, 400),
      },
      action: {
        zh: '给予管理员读取权限后重新评估。',
        en: 'Let the administrator read it and assess again.',
      },
    })),
  ]
}

function tableFindings(table: TableFacts): Finding[] {
  if (table.unlogged) {
    return [
      {
        code: 'unlogged-table',
        severity: 'critical',
        subject: table.name,
        message: {
          zh: `表“${table.name}”是 UNLOGGED 表，其数据不会被复制。`,
          en: `Table "${table.name}" is unlogged: its rows are not replicated.`,
        },
        action: {
          zh: `改为普通表（ALTER TABLE ${table.name} SET LOGGED），或以“${table.name}”为名豁免：届时该表为空。`,
          en: `Make it logged (ALTER TABLE ${table.name} SET LOGGED), or waive it under the name "${table.name}": it then arrives empty.`,
        },
        waiverName: table.name,
      },
    ]
  }
  if (table.hasReplicaIdentity) return []
  return [
    {
      code: 'table-without-key',
      severity: 'critical',
      subject: table.name,
      message: {
        zh: `表“${table.name}”没有主键：一旦发布，应用对它的更新和删除都会失败。`,
        en: `Table "${table.name}" has no key: once it is published, the application's updates and deletes on it fail.`,
      },
      action: {
        zh: `为其增加主键，或以“${table.name}”为名豁免：届时以整行为键（REPLICA IDENTITY FULL）。`,
        en: `Give it a primary key, or waive it under the name "${table.name}": its whole rows then serve as the key (REPLICA IDENTITY FULL).`,
      },
      waiverName: table.name,
    },
  ]
}

function largeObjectFindings({ database, largeObjects, largeObjectColumns }: DatabaseFacts): Finding[] {
  if (largeObjects === 0) return []
  const columns = largeObjectColumns.slice(0, 3).join(', ')
  return [
    {
      code: 'large-objects',
      severity: 'critical',
      subject: database,
      message: {
        zh: `数据库“${database}”有 ${largeObjects} 个大对象，不会被复制${columns === '' ? '' : `（${columns}）`}。`,
        en: `Database "${database}" holds ${largeObjects} large objects, which are not replicated${columns === '' ? '' : ` (${columns})`}.`,
      },
      action: {
        zh: `改存为 bytea 列，或以“${largeObjectsWaiver}”为名豁免：届时在切换时复制。`,
        en: `Move them into a bytea column, or waive them under the name "${largeObjectsWaiver}": they are then copied at each switch.`,
      },
      waiverName: largeObjectsWaiver,
    },
  ]
}

function sequenceFindings({ sequences }: DatabaseFacts): Finding[] {
  return sequences
    .filter(({ cache }) => cache > 1)
    .map(({ name, cache }) => ({
      code: 'sequence-with-cache',
      severity: 'warning',
      subject: name,
      message: {
        zh: `序列“${name}”每个会话缓存 ${cache} 个值，且序列不会被复制。`,
        en: `Sequence "${name}" hands ${cache} values to each session at a time, and sequences are not replicated.`,
      },
      action: {
        zh: '切换时按余量前移；编号会有空档，应用不得依赖连续编号。',
        en: 'The switch moves it on by a margin: numbers will have gaps, and the application must not count on there being none.',
      },
    }))
}

function triggerFindings({ triggers, eventTriggers }: DatabaseFacts): Finding[] {
  const ofTables = triggers.map(({ table, name, enabled }): Finding => {
    const firesTwice = enabled === 'always' || enabled === 'replica'
    return {
      code: firesTwice ? 'trigger-fires-on-replica' : 'trigger',
      severity: firesTwice ? 'warning' : 'information',
      subject: `${table}.${name}`,
      message: firesTwice
        ? {
            zh: `触发器“${name}”（表“${table}”，模式 ${enabled}）在复制应用时也会触发。`,
            en: `Trigger "${name}" on "${table}" (mode ${enabled}) fires for replicated rows too.`,
          }
        : {
            zh: `表“${table}”有触发器“${name}”（模式 ${enabled}），复制时不会重复触发。`,
            en: `Table "${table}" has the trigger "${name}" (mode ${enabled}); it does not fire for replicated rows.`,
          },
      action: firesTwice
        ? {
            zh: '确认重复执行无害，或改为普通模式（ENABLE TRIGGER）。',
            en: 'Make sure that doing its work twice is harmless, or set it to ENABLE TRIGGER.',
          }
        : { zh: '随结构一并复制，无需处理。', en: 'It comes along with the schema; nothing to do.' },
    }
  })
  return [
    ...ofTables,
    ...eventTriggers.map((name): Finding => ({
      code: 'event-trigger',
      severity: 'warning',
      subject: name,
      message: {
        zh: `数据库有事件触发器“${name}”，会对结构变更作出反应。`,
        en: `The database has the event trigger "${name}", which reacts to changes of the schema.`,
      },
      action: {
        zh: '确认它不会干扰建库与复制。',
        en: 'Make sure it does not get in the way of copy and replication.',
      },
    })),
  ]
}

function relationFindings(facts: DatabaseFacts): Finding[] {
  return [
    ...facts.views.map((name): Finding => ({
      code: 'view',
      severity: 'information',
      subject: name,
      message: { zh: `视图“${name}”。`, en: `View "${name}".` },
      action: { zh: '随结构一并复制，无需处理。', en: 'It comes along with the schema; nothing to do.' },
    })),
    ...facts.materialisedViews.map((name): Finding => ({
      code: 'materialised-view',
      severity: 'warning',
      subject: name,
      message: {
        zh: `物化视图“${name}”的内容不会被复制。`,
        en: `The content of the materialised view "${name}" is not replicated.`,
      },
      action: { zh: '切换后在新库刷新。', en: 'Refresh it on the new side after the switch.' },
    })),
    ...facts.foreignTables.map((name): Finding => ({
      code: 'foreign-table',
      severity: 'warning',
      subject: name,
      message: {
        zh: `外部表“${name}”依赖另一台服务器。`,
        en: `The foreign table "${name}" needs another server.`,
      },
      action: {
        zh: '确认新库能到达该服务器。',
        en: 'Make sure the new database reaches that server.',
      },
    })),
    ...facts.subscriptions.map((name): Finding => ({
      code: 'incoming-subscription',
      severity: 'warning',
      subject: name,
      message: {
        zh: `数据库已通过订阅“${name}”从别处接收数据。`,
        en: `The database already receives rows from elsewhere through the subscription "${name}".`,
      },
      action: {
        zh: '与数据来源方商定割接时如何改接新库。',
        en: 'Agree with its source how the new database takes over the subscription.',
      },
    })),
  ]
}

function roleFindings({ roles, appRoles }: DatabaseFacts): Finding[] {
  return roles
    .filter(({ name, superuser }) => superuser && appRoles.includes(name))
    .map(({ name }) => ({
      code: 'application-role-superuser',
      severity: 'critical',
      subject: name,
      message: {
        zh: `应用使用的角色“${name}”是超级用户，切换时无法可靠拦截。`,
        en: `The application logs in as "${name}", a superuser, who cannot be fenced off at the switch.`,
      },
      action: {
        zh: '改用普通角色并只授予所需权限。',
        en: 'Give the application an ordinary role with the privileges it needs.',
      },
    }))
}
