import { answered, pairRule } from '../census/rule.ts'

const id = 'needs-superuser'

const made = (catalog: string, row: string): string =>
  `${row}.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = ${row}.oid AND d.deptype = 'e')`

/** What a service may let its administrator make all the same. */
const eventTriggerKind = 'event trigger'

/** Things of a database that nobody but a superuser makes: a new side whose administrator is none cannot have them. */
export const needsSuperuser = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server'],
  sql: `
    SELECT 'function ' || p.oid::regprocedure AS object, CASE WHEN p.proleakproof THEN 'leakproof function' ELSE 'function in ' || l.lanname END AS kind
      FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
     WHERE (NOT l.lanpltrusted AND l.lanname <> 'sql' OR p.proleakproof) AND p.pronamespace <> 'pg_catalog'::regnamespace AND ${made('pg_proc', 'p')}
       AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
    UNION ALL SELECT 'type ' || t.oid::regtype, 'base type' FROM pg_type t WHERE t.typtype = 'b' AND t.typelem = 0 AND ${made('pg_type', 't')}
    UNION ALL SELECT format('cast from %s to %s', c.castsource::regtype, c.casttarget::regtype), 'cast without a function'
      FROM pg_cast c WHERE c.castmethod = 'b' AND ${made('pg_cast', 'c')}
    UNION ALL SELECT format('operator class %I', o.opcname), 'operator class' FROM pg_opclass o WHERE ${made('pg_opclass', 'o')}
    UNION ALL SELECT format('access method %I', a.amname), 'access method' FROM pg_am a WHERE ${made('pg_am', 'a')}
    UNION ALL SELECT format('foreign data wrapper %I', w.fdwname), 'foreign data wrapper' FROM pg_foreign_data_wrapper w WHERE ${made('pg_foreign_data_wrapper', 'w')}
    UNION ALL SELECT format('text search parser %I', x.prsname), 'text search parser' FROM pg_ts_parser x WHERE ${made('pg_ts_parser', 'x')}
    UNION ALL SELECT format('text search template %I', x.tmplname), 'text search template' FROM pg_ts_template x WHERE ${made('pg_ts_template', 'x')}
    UNION ALL SELECT format('publication %I', b.pubname), 'publication of all tables' FROM pg_publication b WHERE b.puballtables AND b.pubname <> 'qianyun'
    UNION ALL SELECT format('event trigger %I', e.evtname), '${eventTriggerKind}' FROM pg_event_trigger e
     WHERE e.evtname NOT IN ('qianyun_ddl', 'qianyun_drop') AND ${made('pg_event_trigger', 'e')}
    ORDER BY 1`,
  sentence: {
    zh: '“{object}”（{kind}）只有超级用户能够建立，而{there}的管理员“{role}”不是。',
    en: 'Nobody but a superuser makes {object} ({kind}), and administrator "{role}" of {there} is none.',
  },
  remedy: {
    zh: '在{here}删除它，或由应用改用其他做法；服务自带的扩展可以代替的，改用该扩展。',
    en: 'Drop it on {here}, or let the application do without it; where an extension of the service brings the like, take that.',
  },
  find: (facts, { server: { administrator } }) =>
    administrator.superuser
      ? []
      : answered(facts, id)
          .filter(
            ({ values }) =>
              values['kind'] !== eventTriggerKind || administrator.rights?.makesEventTriggers !== true,
          )
          .map(({ object, values }) => ({ object, values: { ...values, role: administrator.name } })),
})
