import { words } from './message.ts'

/** What a verification does not carry or compare, and why: named beside every "verified". */
export const notCompared = words({
  'not-compared-figures': {
    en: 'figures that changed while they were copied: {figures}',
    zh: '复制期间变化的指标：{figures}',
  },
  'not-compared-acls': { en: 'access control lists (ACLs)', zh: '访问控制列表（ACL）' },
  'not-compared-xattrs': { en: 'extended attributes and file capabilities', zh: '扩展属性和文件能力' },
  'not-compared-holes': { en: 'holes of sparse files', zh: '稀疏文件的空洞' },
  'not-compared-content': {
    en: 'the content of files whose size and time agree (checksum: false)',
    zh: '大小和时间一致的文件的内容（checksum: false）',
  },
  'not-compared-unchanged': {
    en: 'what has not changed at the source since all of it was carried',
    zh: '自上次完整传送以来源侧未变化的内容',
  },
  'not-compared-extra-files': {
    en: 'files that only the destination has (delete: false)',
    zh: '仅目标端存在的文件（delete: false）',
  },
  'not-compared-newer': {
    en: 'files that are newer at the destination (newer: keep)',
    zh: '目标端较新的文件（newer: keep）',
  },
  'not-compared-excluded': {
    en: 'what the patterns {patterns} exclude',
    zh: '匹配模式 {patterns} 排除的内容',
  },
  'not-compared-flags': {
    en: 'flags of the file system (chattr), attributes outside the namespace "user", access and creation times, times of folders',
    zh: '文件系统标志（chattr）、user 命名空间之外的扩展属性、访问时间与创建时间、文件夹时间',
  },
  'not-compared-special': {
    en: '{count} devices, which are not carried: {some}',
    zh: '{count} 个设备文件未传送：{some}',
  },
  'not-compared-links-out': {
    en: '{count} links that lead out of the folder; what lies behind them is not carried: {some}',
    zh: '{count} 个指向文件夹之外的链接，其指向的内容未传送：{some}',
  },
  'not-compared-links-to-old-place': {
    en: '{count} links that name "{from}" in full, which is "{to}" on the other side: {some}',
    zh: '{count} 个链接写明了“{from}”的完整路径，而另一侧为“{to}”：{some}',
  },
  'not-compared-hard-links-out': {
    en: '{count} files that have a hard link outside the folder; they are carried as files of their own',
    zh: '{count} 个文件在文件夹之外另有硬链接，按独立文件传送',
  },
  'not-compared-room': {
    en: 'the room that files take: {fromBytes} bytes on disk became {toBytes}, holes were not kept',
    zh: '文件占用空间：磁盘上 {fromBytes} 字节变为 {toBytes}，空洞未保留',
  },
  'not-compared-record': {
    en: 'files that are removed at their source after they were carried: no record of them could be kept or read on "{host}" ({because})',
    zh: '带过来之后在源端被删除的文件：无法在“{host}”上保存或读取其记录（{because}）',
  },
  'not-compared-survey': {
    en: 'links, holes and hard links: "{host}" could not be looked at ({because})',
    zh: '链接、空洞和硬链接：无法查看“{host}”（{because}）',
  },
  'attributes-left-out': { en: '{what}, left out by the playbook', zh: '{what}，剧本未要求' },
  'attributes-not-possible': { en: '{what}: {why} on "{host}"', zh: '{what}：“{host}”上的{why}' },
  'rsync-built-without': { en: 'rsync is built without them', zh: ' rsync 未编入该功能' },
  'rsync-too-old': { en: 'rsync {version} is too old (3.1)', zh: ' rsync {version} 过旧（需 3.1）' },
  'file-system-without': {
    en: 'the file system "{fileSystem}" keeps none',
    zh: '文件系统“{fileSystem}”不保存',
  },
  'capabilities-need-root': {
    en: 'file capabilities, which only root can set',
    zh: '文件能力，仅 root 可设置',
  },
  'owners-not-asked': {
    en: 'owners, groups, set-user-id and set-group-id bits and file capabilities (owners: false)',
    zh: '属主、属组、set-user-id 与 set-group-id 位及文件能力（owners: false）',
  },
  'not-compared-owner-names': {
    en: 'names of owners: {count} owners and groups are kept by number, and the number has another name at the destination, or none: {some}',
    zh: '属主名称：{count} 个属主或属组按编号保留，而该编号在目标端为另一名称或没有名称：{some}',
  },
  'not-compared-unlogged': {
    en: 'rows of unlogged tables, which no copy is bound to hold: "{tables}"',
    zh: '不记日志的表的行，副本不保证保存：“{tables}”',
  },
  'not-compared-excepted': {
    en: 'tables left out by the playbook: "{tables}"',
    zh: '剧本跳过的表：“{tables}”',
  },
  'not-compared-generated': {
    en: 'generated columns, which each server computes itself: "{columns}"',
    zh: '由各服务器自行计算的生成列：“{columns}”',
  },
  'not-compared-foreign': {
    en: 'rows of foreign tables, which lie on other servers: "{tables}"',
    zh: '外部表的行，数据在其他服务器上：“{tables}”',
  },
  'not-compared-views': {
    en: 'what materialised views hold: "{views}"',
    zh: '物化视图的内容：“{views}”',
  },
  'not-compared-sequences': {
    en: 'how far {count} sequences are; a switch sets them ahead',
    zh: '{count} 个序列的当前值；切换时会将其调到更前',
  },
  'not-compared-large-objects': {
    en: 'large objects, which are copied at the switch',
    zh: '大对象，切换时才复制',
  },
  'not-compared-moving': {
    en: '{rows} rows that changed during every look',
    zh: '{rows} 行在每次查看时都在变化',
  },
  'not-compared-definitions': {
    en: 'definitions of functions, views and triggers, owners, grants, comments and settings',
    zh: '函数、视图和触发器的定义，属主、授权、注释和设置',
  },
  'step-not-compared': { en: 'not compared: {notCompared}', zh: '未比较：{notCompared}' },
})
