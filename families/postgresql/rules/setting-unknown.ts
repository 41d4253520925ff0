import { answered, pairRule } from '../census/rule.ts'
import { unlistedSettings } from '../differences/role-settings.ts'

const id = 'setting-unknown'

export const settingUnknown = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server'],
  sql: `
    SELECT DISTINCT split_part(setting, '=', 1) AS object, split_part(setting, '=', 2) AS value,
           CASE WHEN s.setdatabase = 0 THEN 'alter role ' || quote_ident(r.rolname)
                WHEN s.setrole = 0 THEN 'alter database ' || quote_ident(current_database())
                ELSE 'alter role ' || quote_ident(r.rolname) || ' in database ' || quote_ident(current_database())
           END || ' reset ' || quote_ident(split_part(setting, '=', 1)) AS statement
      FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) setting
     WHERE (s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
            OR s.setdatabase = 0 AND EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass
                 AND d.refobjid = s.setrole AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())))
       AND setting !~ '^[^=]*[.]' ORDER BY 1, 3`,
  sentence: {
    zh: '设置“{object}”随库或角色保存，而数据库“{database}”所在的服务器不接受它（值“{value}”）。',
    en: 'Setting "{object}" is kept with the database or a role, and the server of "{database}" does not take it (value "{value}").',
  },
  remedy: {
    zh: '取消该设置（{statement}）。',
    en: 'Take it back ("{statement}").',
  },
  find: (facts, { server: { settingNames, compressions }, database }) => {
    const known = new Set([...settingNames.map((name) => name.toLowerCase()), ...unlistedSettings])
    return answered(facts, id)
      .filter(({ object, values }) =>
        object === 'default_toast_compression'
          ? !compressions.includes(String(values['value']))
          : !known.has(object.toLowerCase()),
      )
      .map((found) => ({ ...found, values: { ...found.values, database } }))
  },
})
