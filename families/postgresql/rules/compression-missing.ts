import { answered, pairRule } from '../census/rule.ts'

const id = 'compression-missing'

export const compressionMissing = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server'],
  sql: `
    SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object, 'lz4' AS method,
           format('alter table %I.%I alter column %I set compression default', n.nspname, c.relname, a.attname) AS statement
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped
       AND to_jsonb(a) ->> 'attcompression' = 'l' ORDER BY 1`,
  sentence: {
    zh: '列“{object}”以 {method} 压缩，而数据库“{database}”所在服务器的构建不支持。',
    en: 'Column "{object}" is compressed with {method}, which the server of "{database}" is built without.',
  },
  remedy: {
    zh: '采用支持它的构建，或恢复该列的默认压缩方式（{statement}）。',
    en: 'Take a build that has it, or set the column back to the default ("{statement}").',
  },
  find: (facts, { server: { compressions }, database }) =>
    answered(facts, id)
      .filter(({ values }) => !compressions.includes(String(values['method'])))
      .map((found) => ({ ...found, values: { ...found.values, database } })),
})
