import { pairRule } from '../census/rule.ts'

/** A service lets its administrator make extensions of its own list, which nothing in the catalog tells. */
export const extensionNeedsSuperuser = pairRule({
  id: 'extension-needs-superuser',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server', 'extensions'],
  sentence: {
    zh: '扩展“{object}”只有超级用户能够建立，除非服务准许其管理员“{role}”建立。',
    en: 'Extension "{object}" is made by a superuser alone, unless the service lets its administrator "{role}" make it.',
  },
  remedy: {
    zh: '查阅服务支持的扩展列表；需先在控制台启用的，先行启用。',
    en: 'Look it up in the list of extensions of the service; switch on first what its console switches on.',
  },
  find: ({ extensions }, { server: { administrator, superuserExtensions } }) =>
    administrator.superuser
      ? []
      : extensions
          .filter(({ name }) => superuserExtensions.includes(name))
          .map(({ name }) => ({ object: name, values: { role: administrator.name } })),
})
