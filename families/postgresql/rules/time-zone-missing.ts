import { pairRule } from '../census/rule.ts'

/**
 * Servers take the names of time zones from files of their host, and some systems leave the older names out: "PRC", "Asia/Calcutta",
 * "US/Eastern". https://github.com/docker-library/postgres/issues/1355
 */
export const timeZoneMissing = pairRule({
  id: 'time-zone-missing',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['time zones'],
  sentence: {
    zh: '新服务器不认识旧服务器上的 {count} 个时区名（如 {names}）：设置它或用于 AT TIME ZONE 的语句将出错，以它登录的客户端会被拒绝。',
    en: 'The new server does not know {count} names of time zones that the old one knows ({names}, for example): statements that set one or use it in AT TIME ZONE fail, and clients that log in with one are refused.',
  },
  remedy: {
    zh: '在新服务器的主机安装完整的时区数据（Debian 的软件包 tzdata-legacy）并重启 PostgreSQL；或让应用改用现行名称（Asia/Shanghai、Asia/Kolkata）。',
    en: 'Install the whole of the time zones on the host of the new server (package tzdata-legacy of Debian) and restart PostgreSQL; or have the application use the present names (Asia/Shanghai, Asia/Kolkata).',
  },
  find: ({ timeZones }, other) => {
    const missing = Object.keys(timeZones).filter((name) => other.timeZones[name] === undefined)
    if (missing.length === 0) return []
    return [
      {
        object: `${other.address}:${String(other.port)}`,
        values: { count: missing.length, names: missing.slice(0, 5).join(', ') },
      },
    ]
  },
})
