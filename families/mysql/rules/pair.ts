import type { MysqlFacts } from '../facts/facts.ts'
import type { Found, Rule } from './rule.ts'

function ofPair(
  rule: Omit<Rule, 'find'> & { readonly find: (from: MysqlFacts, to: MysqlFacts) => readonly Found[] },
): Rule {
  return { ...rule, find: ({ from, to }) => (to === undefined ? [] : rule.find(from, to)) }
}

function differs(from: MysqlFacts, to: MysqlFacts, variable: string): readonly Found[] {
  const [one, other] = [from.variables[variable] ?? '', to.variables[variable] ?? '']
  return one === other ? [] : [{ object: to.place, values: { one, other } }]
}

/** What both servers have to have in common, or must not. */
export const pairRules: readonly Rule[] = [
  ofPair({
    id: 'mysql-same-server-id',
    severity: 'critical',
    sentence: {
      zh: '两侧的 server_id 相同（{found}）：各自会把对方的变更当成自己的而丢弃。',
      en: 'Both servers have the server_id {found}: each would take the changes of the other for its own, and pass them over.',
    },
    remedy: {
      zh: '在新服务器上设置另一个 server_id 并重启',
      en: 'Set another "server_id" at the new server and restart it',
    },
    find: (from, to) =>
      from.variables['server_id'] === to.variables['server_id']
        ? [{ object: to.place, values: { found: to.variables['server_id'] ?? '' } }]
        : [],
  }),
  ofPair({
    id: 'mysql-target-older',
    severity: 'critical',
    sentence: {
      zh: '服务器“{object}”为 {other}，旧于 {one}：不能跟随更新的版本。',
      en: 'Server "{object}" is {other}, older than {one}: it does not follow a newer one.',
    },
    remedy: { zh: '升级新服务器', en: 'Upgrade the new server' },
    find: (from, to) =>
      to.major * 1_000 + to.minor < from.major * 1_000 + from.minor
        ? [{ object: to.place, values: { one: from.version, other: to.version } }]
        : [],
  }),
  ofPair({
    id: 'mysql-names-differ',
    severity: 'critical',
    sentence: {
      zh: '服务器“{object}”的 lower_case_table_names 为 {other}，原侧为 {one}：表名的大小写会被认作不同。',
      en: 'Server "{object}" has lower_case_table_names {other}, and the side that is left {one}: names of tables would not be found as they are written.',
    },
    remedy: {
      zh: '新服务器须以相同的 lower_case_table_names 重新初始化',
      en: 'Set up the new server anew with the same "lower_case_table_names"',
    },
    find: (from, to) => differs(from, to, 'lower_case_table_names'),
  }),
  ofPair({
    id: 'mysql-target-followed',
    severity: 'critical',
    sentence: {
      zh: '新服务器“{object}”有从库（{found}）：其日志将重新开始，从库会失去位置。',
      en: 'The new server "{object}" is followed by others ({found}): its log begins anew, and they would lose their place in it.',
    },
    remedy: { zh: '先停止这些从库的复制', en: 'Have them stop following it first' },
    find: (_from, to) =>
      to.followers.length > 0 ? [{ object: to.place, values: { found: to.followers.join(', ') } }] : [],
  }),
  ofPair({
    id: 'mysql-source-followed',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”有从库（{found}）：切换时其账户被锁定，从库停止跟随。',
      en: 'Server "{object}" is followed by others ({found}): their account is locked at the switch, and they follow it no more.',
    },
    remedy: {
      zh: '切换后把它们改指向新服务器（MASTER_USE_GTID）',
      en: 'Point them at the new server after the switch, by GTID ("MASTER_USE_GTID = slave_pos")',
    },
    find: (from) =>
      from.followers.length > 0 ? [{ object: from.place, values: { found: from.followers.join(', ') } }] : [],
  }),
  ofPair({
    id: 'mysql-function-creators-differ',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”的 log_bin_trust_function_creators 为 {other}，原侧为 {one}：应用创建函数或触发器会被拒绝，或不再被拒绝。',
      en: 'Server "{object}" has log_bin_trust_function_creators {other}, and the side that is left {one}: functions and triggers the application makes are refused there, or no longer.',
    },
    remedy: {
      zh: '在新服务器上执行并写入配置：SET GLOBAL log_bin_trust_function_creators = {one}',
      en: 'Run at the new server, and set in its configuration: SET GLOBAL log_bin_trust_function_creators = {one}',
    },
    find: (from, to) => differs(from, to, 'log_bin_trust_function_creators'),
  }),
  ofPair({
    id: 'mysql-modes-differ',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”的 sql_mode 为“{other}”，原侧为“{one}”：同样的语句可能被拒绝或得到不同的结果。',
      en: 'Server "{object}" has the sql_mode "{other}", and the side that is left "{one}": the same statements may be refused, or come to something else.',
    },
    remedy: {
      zh: "在新服务器上执行并写入配置：SET GLOBAL sql_mode = '{one}'",
      en: "Run at the new server, and set in its configuration: SET GLOBAL sql_mode = '{one}'",
    },
    find: (from, to) => differs(from, to, 'sql_mode'),
  }),
  ofPair({
    id: 'mysql-time-zone-differs',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”的 time_zone 为“{other}”，原侧为“{one}”：没有自设时区的会话看到的时间会不同。',
      en: 'Server "{object}" has the time_zone "{other}", and the side that is left "{one}": sessions that set none see other times.',
    },
    remedy: {
      zh: '在新服务器的配置中设置相同的 default_time_zone',
      en: 'Set the same "default_time_zone" in the configuration of the new server',
    },
    find: (from, to) => differs(from, to, 'time_zone'),
  }),
  ofPair({
    id: 'mysql-time-zones-missing',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”没有时区表，原侧有：CONVERT_TZ 按名称转换会得到 NULL。',
      en: 'Server "{object}" has no time zone tables, which the side that is left has: CONVERT_TZ by a name gives NULL.',
    },
    remedy: {
      zh: '在其主机上执行：mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql',
      en: 'Run on its host: mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql',
    },
    find: (from, to) => (from.hasTimeZones && !to.hasTimeZones ? [{ object: to.place }] : []),
  }),
  ofPair({
    id: 'mysql-login-plugin-missing',
    severity: 'critical',
    sentence: {
      zh: '账户“{object}”的登录方式 {found} 在新服务器上没有。',
      en: 'Account "{object}" logs in by {found}, which the new server has not.',
    },
    remedy: {
      zh: '在新服务器上安装该插件：INSTALL SONAME …',
      en: 'Install the plugin at the new server: INSTALL SONAME …',
    },
    find: (from, to) =>
      from.accounts.flatMap(({ account, plugins }) => {
        const missing = plugins.filter((plugin) => !to.plugins.includes(plugin))
        return missing.length === 0 ? [] : [{ object: account, values: { found: missing.join(', ') } }]
      }),
  }),
  ofPair({
    id: 'mysql-scheduler-off',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”没有开启 event_scheduler：切换后事件不会执行。',
      en: 'Server "{object}" has "event_scheduler" off: events of the database would not run there.',
    },
    remedy: {
      zh: '执行并写入配置：SET GLOBAL event_scheduler = ON',
      en: 'Run there, and set in its configuration: SET GLOBAL event_scheduler = ON',
    },
    find: (from, to) =>
      from.events.some(({ isOn }) => isOn) &&
      from.variables['event_scheduler'] === 'ON' &&
      to.variables['event_scheduler'] !== 'ON'
        ? [{ object: to.place }]
        : [],
  }),
]
