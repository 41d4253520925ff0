import { pairRule } from '../census/rule.ts'

export const extensionMissing = pairRule({
  id: 'extension-missing',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server', 'extensions'],
  sentence: {
    zh: '新侧“{database}”的服务器上没有扩展“{object}”。',
    en: 'Extension "{object}" is not available on the server of "{database}".',
  },
  remedy: {
    zh: '在该服务器上安装其软件包；新版本已不再提供的，在旧侧删除（drop extension {object}）。',
    en: 'Install its package there, or drop it on the old side where the new version has it no more ("drop extension {object}").',
  },
  find: ({ extensions }, { server, database }) =>
    extensions
      .filter(({ name }) => name !== 'plpgsql' && !server.availableExtensions.includes(name))
      .map(({ name }) => ({ object: name, values: { database } })),
})
