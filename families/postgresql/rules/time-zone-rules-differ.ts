import { pairRule } from '../census/rule.ts'

/**
 * A server takes the rules of time zones from its host or from its own build. With two editions of them the same zone is another time on each
 * side from some day on, and nothing in the catalogs tells. https://github.com/supabase/postgres/issues/2465
 */
export const timeZoneRulesDiffer = pairRule({
  id: 'time-zone-rules-differ',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['time zones', 'server'],
  sentence: {
    zh: '两台服务器的时区数据版本不同：{count} 个时区（如 {names}）在 2024 至 2037 年间的本地时间不一致。切换后，同一时刻会换算成另一个本地时间，写入的本地时间会成为另一时刻，且不报错。',
    en: 'The servers have two editions of the time zones: in {count} of them ({names}, for example) local times between 2024 and 2037 are not the same. After a switch the same instant is shown as another local time, and a local time that is written is another instant, without an error.',
  },
  remedy: {
    zh: '在两台服务器的主机安装同一版本的时区数据（软件包 tzdata；自带时区数据的 PostgreSQL 升级其小版本）并重启 PostgreSQL。',
    en: 'Install the same edition of the time zones on the hosts of both servers (package tzdata; a newer minor version of PostgreSQL where it brings its own), and restart PostgreSQL.',
  },
  find: ({ timeZones, server }, other) => {
    const differing = Object.keys(timeZones).filter(
      (name) => other.timeZones[name] !== undefined && other.timeZones[name] !== timeZones[name],
    )
    if (differing.length === 0) return []
    // That of the server's sessions is named before all others.
    const names = differing.toSorted((a, b) => Number(b === server.timeZone) - Number(a === server.timeZone))
    return [
      {
        object: `${other.address}:${String(other.port)}`,
        values: { count: differing.length, names: names.slice(0, 5).join(', ') },
      },
    ]
  },
})
