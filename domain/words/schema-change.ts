import { words } from './message.ts'

/** What can be said of a change of the schema while the old side follows the new one. */
export const schemaChanges = words({
  'schema-change-refused': {
    en: 'The schema change is not made, and nothing is changed on either side: {problems}. Change the file and give the command again.',
    zh: '未做表结构变更，两侧均未改动：{problems}。请修改文件后重新执行。',
  },
  'schema-change-half-made': {
    en: 'The schema change is on {follows}, and not known to be on {serves} with all that follows it: {because} Remove the cause and give the same command with the same file again; it goes on from there.',
    zh: '{follows}已做表结构变更，{serves}是否已完成尚不确定：{because}请排除原因后，用同一文件再次执行同一命令，将从该处继续。',
  },
  'ddl-changes-nothing': {
    en: 'it changes nothing of the schema',
    zh: '没有改变表结构',
  },
  'ddl-not-ddl': {
    en: '"{statement}" is no schema change; it begins neither with CREATE, ALTER, DROP, COMMENT, GRANT nor REVOKE. Rows are written through the application, from where they are replicated',
    zh: '“{statement}”不是表结构变更（应以 CREATE、ALTER、DROP、COMMENT、GRANT 或 REVOKE 开头）；数据行请通过应用写入，由复制带到另一侧',
  },
  'ddl-beyond-schema': {
    en: '"{statement}" reaches past the schema of this database; make such a change on each server by itself',
    zh: '“{statement}”超出本数据库的表结构范围；请在各服务器上分别变更',
  },
  'ddl-own-file': {
    en: '"{statement}" runs in several transactions; give it a file of its own, without any other statement',
    zh: '“{statement}”需要多个事务；请单独放在一个文件中，不含其他语句',
  },
  'ddl-detach-concurrently': {
    en: '"{statement}" runs in several transactions, and rows on their way to that partition would be refused. Leave the partition attached until the retention has ended',
    zh: '“{statement}”需要多个事务，且在途写入该分区的数据行会被拒绝。请保留该分区至保留期结束',
  },
  'ddl-maintenance': {
    en: '"{statement}" changes no schema, and the way back does not notice it: run it by hand on whichever server needs it',
    zh: '“{statement}”不改变表结构，也不影响退路：请在需要的服务器上自行执行',
  },
  'ddl-invalid-index': {
    en: 'on {side} index "{index}" is invalid, as a build that failed leaves it; drop it there',
    zh: '{side}上的索引“{index}”无效，是建立失败所遗留；请在该侧删除',
  },
  'ddl-writes-rows': {
    en: 'it writes rows of "{table}" as well, which replication would write a second time',
    zh: '同时写入了“{table}”的数据行，复制会再写一次',
  },
  'ddl-drops-table': {
    en: 'it drops "{table}"; rows of it that are under way could not be applied on the old side any more. Leave it until the retention has ended',
    zh: '删除了“{table}”；尚在途中的数据行将无法应用到旧侧。请留待保留期结束后再删除',
  },
  'ddl-drops-column': {
    en: 'it drops "{column}"; rows that are under way with it could not be applied on the old side any more. Leave it until the retention has ended',
    zh: '删除了“{column}”；带有该列的在途数据行将无法应用到旧侧。请留待保留期结束后再删除',
  },
  'ddl-renames': {
    en: 'it renames "{object}" to "{now}"; rows that are under way have the old name. Add the new one beside it',
    zh: '把“{object}”改名为“{now}”；在途数据行仍用旧名。请另外新增',
  },
  'ddl-changes-type': {
    en: 'it changes the type of "{column}" from "{was}" to "{now}", which does not take every value of the old one written alike. Add a column beside it',
    zh: '把“{column}”的类型由“{was}”改为“{now}”，新类型不能以同样写法容纳全部旧值。请另外新增一列',
  },
  'ddl-required-column': {
    en: 'the new column "{column}" is NOT NULL without a default, which rows that lack it would violate on the old side. Give it a default',
    zh: '新列“{column}”为 NOT NULL 且没有默认值，缺少该列的数据行无法应用到旧侧。请为其设置默认值',
  },
  'ddl-takes-key': {
    en: '"{table}" has no key any more by which its rows are found on the old side',
    zh: '“{table}”失去了在旧侧定位数据行的键',
  },
  'ddl-table-without-key': {
    en: 'the new table "{table}" has no primary key: updates and deletes in it would be refused. Give it one',
    zh: '新表“{table}”没有主键，更新和删除会被拒绝。请设置主键',
  },
  'ddl-unlogged': {
    en: '"{table}" is unlogged, and nothing of it is replicated',
    zh: '“{table}”为 UNLOGGED，不会被复制',
  },
  'ddl-replica-trigger': {
    en: 'the trigger "{trigger}" fires for replicated rows too, on the old side a second time',
    zh: '触发器“{trigger}”对复制来的数据行也会触发，在旧侧会重复执行',
  },
  'ddl-touches-replication': {
    en: 'it touches the {object}, which the way back stands on',
    zh: '改动了退路所依赖的 {object}',
  },
  'ddl-owner-unclear': {
    en: 'the tables of {database} are owned by "{owners}"[?, not by "{named}"]. Name the role it is to be made as with --role',
    zh: '{database}中的表属于“{owners}”[?，不属于“{named}”]。请用 --role 指定执行变更的角色',
  },
  'ddl-fails': { en: 'on {side} it fails: {because}', zh: '在{side}上执行失败：{because}' },
  'ddl-locked': {
    en: 'its locks were not to be had on {side} in {attempts} tries[?; open there: {holders}]. Choose a quieter time',
    zh: '在{side}上尝试 {attempts} 次仍未取得锁[?；未结束的事务：{holders}]。请另选空闲时间',
  },
})
