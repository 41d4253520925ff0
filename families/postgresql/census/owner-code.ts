/**
 * Functions of others than superusers that run with a superuser's rights, as `object`, `role` and `by`, what uses them. A dump is restored by a superuser, who
 * puts partitions to their tables and looks at references; and changes of a table are applied as its owner. Everything else runs as an owner who is
 * none, or as the role that applies changes on servers before 16.
 */
export const ownerCodeAsSuperuserSql = ownerCode('t.rolsuper')

/** Those among them that run as a dump is restored, whoever owns the table. */
export const ownerCodeInDumpSql = ownerCode('false')

function ownerCode(ofSuperuser: 't.rolsuper' | 'false'): string {
  return `
    WITH uses AS (
      SELECT coalesce(o.oprcode::oid, d.refobjid) AS function, d.classid, d.objid,
             coalesce(k.conrelid, f.adrelid, t.tgrelid, i.indrelid, d.objid) AS relation, coalesce(k.contypid, 0) AS domain
        FROM pg_depend d
        LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
        LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
        LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
        LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
        LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
       WHERE d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
         AND d.classid IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass, 'pg_trigger'::regclass, 'pg_class'::regclass)
         AND (t.oid IS NULL OR t.tgenabled IN ('A', 'R'))),
    tables AS (
      SELECT c.oid, c.relkind, r.rolsuper FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
       WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384),
    found AS (
      SELECT u.function, pg_describe_object(u.classid, u.objid, 0) AS by FROM uses u JOIN tables t ON t.oid = u.relation
       WHERE ${ofSuperuser} OR (t.relkind = 'p' AND u.classid = 'pg_class'::regclass AND u.objid = t.oid)
      UNION
      SELECT u.function, pg_describe_object(u.classid, u.objid, 0) FROM uses u
       WHERE u.domain <> 0 AND EXISTS (SELECT FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
                                        WHERE ${ofSuperuser} AND a.atttypid >= 16384 AND NOT a.attisdropped)
      UNION
      SELECT x.castfunc, pg_describe_object('pg_constraint'::regclass, k.oid, 0)
        FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
        JOIN pg_cast x ON x.castsource = a.atttypid AND x.castcontext = 'i' AND x.castfunc <> 0
       WHERE k.contype = 'f')
    SELECT p.oid::regprocedure::text AS object, quote_ident(r.rolname) AS role, min(f.by) AS by
      FROM found f JOIN pg_proc p ON p.oid = f.function JOIN pg_roles r ON r.oid = p.proowner
     WHERE NOT r.rolsuper AND p.pronamespace IS DISTINCT FROM to_regnamespace('qianyun')
     GROUP BY 1, 2 ORDER BY 1`
}
