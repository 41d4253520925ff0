import { queryRule } from '../census/rule.ts'

/** Large objects keep their numbers; tables, types, roles and functions have others on each server. */
export const numbersOfThings = queryRule({
  id: 'numbers-of-things',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'oid'::regtype
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
       AND NOT EXISTS (SELECT FROM pg_largeobject_metadata)
     ORDER BY 1`,
  sentence: {
    zh: '列“{object}”保存 oid：若是表、类型、角色或函数的编号，在新服务器上指的是别的对象，或什么也不指。',
    en: 'Column "{object}" holds values of type oid: numbers of tables, types, roles or functions mean something else on the new server, or nothing.',
  },
  remedy: {
    zh: '改存名称，或类型 regclass、regtype、regrole 的值：它们以名称复制。',
    en: 'Keep names, or values of the types regclass, regtype, regrole: these are replicated by name.',
  },
})
