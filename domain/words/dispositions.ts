import { words } from './message.ts'

/** Why the assessment proposes a way of moving. */
export const dispositionReasons = words({
  'same-platform': { en: 'Nothing in it depends on where it runs.', zh: '平台相同，无需修改。' },
  'configuration-changes': {
    en: 'System, database and runtime are supported; only configuration changes.',
    zh: '操作系统、数据库与运行环境均受支持，只改配置。',
  },
  'platform-changes': {
    en: 'The platform changes under it: {upgrades}.',
    zh: '平台需要升级：{upgrades}。',
  },
  'code-changes': {
    en: 'Addresses or paths are written into its code ({count} files, "{file}" for one): the code has to change.',
    zh: '代码中写死了地址或路径（{count} 个文件，如“{file}”），需要改代码。',
  },
})
