import { answered, pairRule } from '../census/rule.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'function-of-the-new-version'

/** The server's own functions are found before those of any schema in the search path. */
export const functionOfTheNewVersion = pairRule({
  id,
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  sql: `
    SELECT p.oid::regprocedure::text AS object, p.proname::text AS name, w.version
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      JOIN (VALUES (13, 'gcd lcm min_scale trim_scale is_normalized gen_random_uuid'),
                   (14, 'bit_count date_bin string_to_table trim_array unistr range_agg range_intersect_agg'),
                   (15, 'regexp_count regexp_instr regexp_like regexp_substr'),
                   (16, 'any_value array_sample array_shuffle date_add date_subtract erf erfc random_normal'),
                   (17, 'to_bin to_oct to_regtypemod uuid_extract_timestamp uuid_extract_version xmltext random'),
                   (18, 'array_reverse array_sort casefold crc32 crc32c gamma lgamma uuidv4 uuidv7')) w (version, list)
        ON p.proname = any (string_to_array(w.list, ' '))
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
     ORDER BY 1`,
  sentence: {
    zh: '函数“{object}”与 PostgreSQL {version} 起自带的函数“{name}”同名：不写模式的调用在新服务器上可能执行自带的那个。',
    en: 'Function "{object}" has the name of a function "{name}" that PostgreSQL brings since version {version}: on the new server a call without a schema may run that one.',
  },
  remedy: {
    zh: '核对两者结果是否相同；不同则改名，或在调用处写明模式。',
    en: 'Compare what both give; where it is not the same, rename yours or call it with its schema.',
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
