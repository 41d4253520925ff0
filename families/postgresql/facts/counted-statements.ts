/**
 * Names the function that gives the statements a server has counted, where the extension is there and its library is loaded: `counted`, to
 * stand after FROM. It is the function of the extension itself, in C: a view or a function of that name may be anybody's, and would run with
 * the rights of whoever looks.
 */
export const countedStatements = `
SELECT quote_ident(n.nspname) || '.pg_stat_statements(true)' AS counted
  FROM pg_extension e JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
       AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
  JOIN pg_proc p ON p.oid = d.objid JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
 WHERE e.extname = 'pg_stat_statements' AND p.proname = 'pg_stat_statements' AND l.lanname = 'c' AND p.pronargs = 1
   AND p.probin = '$libdir/pg_stat_statements'
   AND current_setting('shared_preload_libraries') ~ '\\mpg_stat_statements\\M'`
