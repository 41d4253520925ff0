import { pairRule } from '../census/rule.ts'

export const extensionMissing = pairRule({
  id: 'extension-missing',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server', 'extensions'],
  sentence: {
    zh: '{there}的服务器上没有扩展“{object}”。',
    en: 'Extension "{object}" is not available on the server of {there}.',
  },
  remedy: {
    zh: '在该服务器上安装其软件包；其版本不提供的，在{here}删除（drop extension {object}）。',
    en: 'Install its package there, or drop it on {here} where the version there has it no more ("drop extension {object}").',
  },
  find: ({ extensions }, { server, database }) =>
    extensions
      .filter(({ name }) => name !== 'plpgsql' && !server.availableExtensions.includes(name))
      .map(({ name }) => ({ object: name, values: { database } })),
})
