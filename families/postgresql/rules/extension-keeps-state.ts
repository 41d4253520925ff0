import { everyMoment, queryRule } from '../census/rule.ts'

/** Tables of extensions that say which tables are theirs, or where the rows are. */
const lists = `('hypertable', 'pg_dist_partition', 'pg_dist_node', 'pathman_config', 'ag_graph', 'pg_ivm_immv', 'node', 'local_node')`

/**
 * Rows of an extension's own tables are replicated as any others: they then name graphs and partitions by numbers that mean something else
 * on the new server. What the extension makes as rows arrive, it makes on one side. https://github.com/apache/age/issues/2503,
 * https://github.com/timescale/timescaledb/issues/8628, https://github.com/citusdata/citus/issues/7085
 */
export const extensionKeepsState = queryRule({
  id: 'extension-keeps-state',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sql: `
    SELECT quote_ident(e.extname) AS object, string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname) AS tables
      FROM pg_extension e JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
      JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'r' AND c.relpersistence = 'p'
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE pg_relation_size(c.oid) > 0
       AND (c.relname IN ${lists}
         OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'oid'::regtype))
     GROUP BY 1 ORDER BY 1`,
  sentence: {
    zh: '扩展“{object}”在自己的表（{tables}）中记录只存在于本服务器的内容：按编号记的图或表、随写入自动建立的分区、在其他服务器上的数据。复制这些表的行并不能在另一侧的服务器上得到这些内容。',
    en: 'Extension "{object}" keeps in tables of its own ({tables}) what exists on this server alone: graphs or tables by number, partitions it makes as rows arrive, rows on other servers. Replication of these rows does not give the other server what they name.',
  },
  remedy: {
    zh: '用该扩展自己的工具迁移本数据库，或先把数据放进普通表并删除该扩展',
    en: 'Move this database by the tools of that extension, or put its data into ordinary tables and drop the extension first',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当应用不使用这些内容，或会在切换前于另一侧重新建立时。',
      en: 'that is where the application uses nothing of it, or where somebody makes it anew on the other side before a switch.',
    },
  },
})
