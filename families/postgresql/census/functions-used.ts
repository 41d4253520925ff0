/**
 * Functions that constraints, domains, generated columns and indexes use, and those that `also` finds among the dependants `d` of
 * pg_depend: `oid`, and `by`, one of what uses it. For a rule's own query.
 */
export const functionsUsed = (also: string): string => `
      SELECT d.refobjid AS oid, min(pg_describe_object(d.classid, d.objid, 0)) AS by
        FROM pg_depend d
       WHERE d.refclassid = 'pg_proc'::regclass
         AND (d.classid = 'pg_constraint'::regclass
              OR d.classid = 'pg_attrdef'::regclass AND EXISTS (
                SELECT FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
                 WHERE e.oid = d.objid AND coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '')
              OR d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = d.objid)
              OR ${also})
       GROUP BY 1`
