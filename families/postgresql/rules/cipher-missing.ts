import { answered, pairRule } from '../census/rule.ts'

const id = 'cipher-missing'

/**
 * pgcrypto takes its ciphers from the OpenSSL of the host. What only an older one has cannot be decrypted on the new side, and some releases
 * encrypt with a missing cipher to what anybody reads. https://github.com/PostgresApp/PostgresApp/issues/804
 */
export const cipherMissing = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'precheck'],
  letsGoBack: true,
  looksAt: ['database', 'build'],
  sql: `
    SELECT current_database()::text AS object
     WHERE EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'bytea'::regtype
                      AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun'))
        OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
                    WHERE l.lanname IN ('sql', 'plpgsql') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                      AND p.prosrc ~* '\\m(encrypt|decrypt|encrypt_iv|decrypt_iv|digest|hmac|pgp_(sym|pub)_\\w+)\\s*\\(')`,
  sentence: {
    zh: '数据库“{object}”的 pgcrypto 在{there}不支持 {names}（{here}支持）：以其加密的内容切换后无法解密。',
    en: 'pgcrypto of database "{object}" does {names} on {here}, and not on {there}, whose OpenSSL leaves it out: after a switch nothing that was encrypted with it can be decrypted.',
  },
  remedy: {
    zh: '在{there}的主机启用 OpenSSL 的 legacy 提供者并重启 PostgreSQL，或在切换前以 aes 重新加密',
    en: 'Activate the legacy provider of OpenSSL on the host of {there} and restart PostgreSQL, or encrypt anew with aes before the switch',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当没有以其加密或取摘要的内容时。',
      en: 'that is where nothing was encrypted with it, and no digest of it is compared.',
    },
  },
  find: (facts, other) => {
    const missing = Object.keys(facts.canDo).filter(
      (name) => /^(cipher|digest) /.test(name) && facts.canDo[name] === true && other.canDo[name] === false,
    )
    if (missing.length === 0) return []
    return answered(facts, id).map((found) => ({ ...found, values: { names: missing.join(', ') } }))
  },
})
