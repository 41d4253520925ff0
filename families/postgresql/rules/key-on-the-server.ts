import { databaseRule, everyMoment } from '../census/rule.ts'

/** Extensions that encrypt with a key which each server makes or fetches by itself. */
const encrypting: ReadonlySet<string> = new Set(['pgsodium', 'supabase_vault', 'pg_tde'])

/** https://github.com/supabase/vault/issues/27, https://github.com/supabase/supabase/pull/47876 */
export const keyOnTheServer = databaseRule({
  id: 'key-on-the-server',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  looksAt: ['extensions'],
  sentence: {
    zh: '扩展“{object}”用不在数据库内的密钥加密（服务器上的文件或密钥服务）：另一侧的服务器若用另一把密钥，复制过去的密文在切换后无法解密。',
    en: 'Extension "{object}" encrypts with a key that is no part of the database (a file of the server, or a key service): with another key on the server of the other side, what was encrypted comes along and cannot be decrypted after a switch.',
  },
  remedy: {
    zh: '把同一把密钥放到另一侧的服务器，在演练环境试解密一个值，然后豁免本项',
    en: 'Give the server of the other side the same key, decrypt a value on staging, and waive this finding then',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当两侧使用同一把密钥，或没有加密任何内容时。',
      en: 'that is where both sides have the same key, or where nothing is encrypted.',
    },
  },
  find: ({ extensions }) =>
    extensions.filter(({ name }) => encrypting.has(name)).map(({ name }) => ({ object: name, values: {} })),
})
