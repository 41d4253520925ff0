import { databaseRule } from '../census/rule.ts'

/** A name or an address means another server to the pooler: by its resolver, a port forward, or a standby that shares the name. */
export const entryReachesAnotherServer = databaseRule({
  id: 'entry-reaches-another-server',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'preflight', 'precheck', 'pause'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）写明通向“{named}”，其到“{found}”的连接却不为该服务器所知：那里应答的是另一台服务器，或连接已断。',
    en: 'Entry "{object}" at {place} names "{named}", whose server does not know the connections of the entry to "{found}": another server answers there, or they are broken.',
  },
  remedy: {
    zh: '使该主机与执行端对此地址的解析一致（getent hosts、/etc/hosts、端口转发），再重启连接池或执行 RECONNECT。',
    en: 'Let that host and the runner understand the address alike ("getent hosts", "/etc/hosts", port forwards), then have the pooler RECONNECT.',
  },
  find: ({ entries, address, port, database }) =>
    entries.flatMap(({ name, place, comesTo }) =>
      comesTo === undefined
        ? []
        : [
            {
              object: name,
              values: { place, named: `${address}:${String(port)}/${database}`, found: comesTo },
            },
          ],
    ),
})
