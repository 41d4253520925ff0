import type { Rule } from './rule.ts'

/** What a database may hold that does not go over as it is. */
export const databaseRules: readonly Rule[] = [
  {
    id: 'mysql-table-without-key',
    severity: 'critical',
    sentence: {
      zh: '表“{object}”没有主键或非空唯一键：另一侧更新每一行都要扫描全表，核对也无从分段。',
      en: 'Table "{object}" has no primary key and no unique key without NULL: the other side would read all of it for each row, and it cannot be compared range by range.',
    },
    remedy: {
      zh: '例如：ALTER TABLE {quoted} ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY INVISIBLE',
      en: 'For example: ALTER TABLE {quoted} ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY INVISIBLE',
    },
    find: ({ from }) =>
      from.tables
        .filter(({ kind, hasKey }) => kind === 'table' && !hasKey)
        .map(({ table }) => ({ object: table })),
  },
  {
    id: 'mysql-engine',
    severity: 'critical',
    sentence: {
      zh: '表“{object}”的引擎为“{found}”：没有事务，不能一致地复制，也不能在断电后恢复。',
      en: 'Table "{object}" is of the engine "{found}": without transactions it can be neither copied as of one instant, nor trusted after a crash.',
    },
    remedy: {
      zh: '执行：ALTER TABLE {quoted} ENGINE = InnoDB',
      en: 'Run: ALTER TABLE {quoted} ENGINE = InnoDB',
    },
    find: ({ from }) =>
      from.tables
        .filter(({ kind, engine }) => kind !== 'view' && engine !== 'InnoDB')
        .map(({ table, engine = '?' }) => ({ object: table, values: { found: engine } })),
  },
  {
    id: 'mysql-table-kind',
    severity: 'critical',
    sentence: {
      zh: '“{object}”带有历史版本（SYSTEM VERSIONING）或属未知类型：其历史行不能原样复制。',
      en: '"{object}" keeps its history (system versioning), or is of a kind that is not known: rows of its past cannot be copied as they are.',
    },
    remedy: {
      zh: '执行：ALTER TABLE {quoted} DROP SYSTEM VERSIONING，或以厂商命令迁移',
      en: 'Run: ALTER TABLE {quoted} DROP SYSTEM VERSIONING, or move it by commands',
    },
    find: ({ from }) =>
      from.tables
        .filter(({ kind }) => kind === 'versioned' || kind === 'other')
        .map(({ table }) => ({ object: table })),
  },
  {
    id: 'mysql-definer-gone',
    severity: 'critical',
    sentence: {
      zh: '视图、触发器、例程或事件的定义者“{object}”不是该服务器的账户：使用时即出错。',
      en: 'A view, trigger, routine or event is defined by "{object}", which is no account of the server: it fails where it is used.',
    },
    remedy: {
      zh: '以存在的账户重新创建这些对象，或创建该账户',
      en: 'Make these objects anew with a definer that exists, or create that account',
    },
    mayBeWaived: true,
    find: ({ from }) => from.definersGone.map((object) => ({ object })),
  },
  {
    id: 'mysql-account-powerful',
    severity: 'warning',
    sentence: {
      zh: '账户“{object}”有整台服务器的权限（{found}）：只读状态拦不住它，靠锁定账户来封锁。',
      en: 'Account "{object}" has rights at the whole server ({found}): "read_only" does not stop it, so its account is locked at the switch.',
    },
    remedy: {
      zh: '收回应用不需要的权限：REVOKE … ON *.* FROM …',
      en: 'Take from it what the application has no need of: REVOKE … ON *.* FROM …',
    },
    find: ({ from }) =>
      from.accounts
        .filter(({ powers }) => powers.length > 0)
        .map(({ account, powers }) => ({ object: account, values: { found: powers.join(', ') } })),
  },
  {
    id: 'mysql-event',
    severity: 'information',
    sentence: {
      zh: '事件“{object}”会在服务器上自行写入，切换时随之启停。',
      en: 'Event "{object}" writes by itself on the server that serves; the switch turns it off there and on here.',
    },
    remedy: {
      zh: '无需处理；两侧的 event_scheduler 须开启',
      en: 'Nothing to do, but for "event_scheduler" to be on at both servers',
    },
    find: ({ from }) => from.events.filter(({ isOn }) => isOn).map(({ event }) => ({ object: event })),
  },
  {
    id: 'mysql-character-set',
    severity: 'warning',
    sentence: {
      zh: '表“{object}”有字符集为“{found}”的列：按原样迁移；utf8mb3 存不下生僻字和表情符号。',
      en: 'Table "{object}" has columns of the character set "{found}": they go over as they are, and utf8mb3 holds neither rare characters nor emoji.',
    },
    remedy: {
      zh: '如需改造，在迁移前执行：ALTER TABLE {quoted} CONVERT TO CHARACTER SET utf8mb4',
      en: 'Where they are to change, run before the move: ALTER TABLE {quoted} CONVERT TO CHARACTER SET utf8mb4',
    },
    find: ({ from }) =>
      from.tables.flatMap(({ table, characterSets }) => {
        const old = characterSets.filter((set) => !['utf8mb4', 'binary', 'ascii'].includes(set))
        return old.length === 0 ? [] : [{ object: table, values: { found: old.join(', ') } }]
      }),
  },
  {
    id: 'mysql-zero-dates',
    severity: 'information',
    sentence: {
      zh: '表“{object}”的列 {found} 默认为零日期（0000-00-00）：按原样迁移。',
      en: 'Table "{object}" has the date zero as the default of {found}: it goes over as it is.',
    },
    remedy: {
      zh: '新侧 sql_mode 若含 NO_ZERO_DATE，应用写入零日期会被拒绝',
      en: 'An application that writes it is refused where the sql_mode of the new server has NO_ZERO_DATE',
    },
    find: ({ from }) =>
      from.tables
        .filter(({ zeroDates }) => zeroDates.length > 0)
        .map(({ table, zeroDates }) => ({ object: table, values: { found: zeroDates.join(', ') } })),
  },
]
