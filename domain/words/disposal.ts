import { words } from './message.ts'

/**
 * What became of wiped data, as its proof says it. "Clear", "purge" and "destroy" are those of NIST SP 800-88: "clear" is to
 * overwrite, through the ordinary interface, what the file system gives out.
 */
export const disposals = words({
  'wiped-cleared': {
    en: '{files} files ({bytes} bytes) were overwritten with zeros once, in place, before they were removed ("clear" in NIST SP 800-88): {media}',
    zh: '{files} 个文件（{bytes} 字节）删除前在原位用零覆写一遍（NIST SP 800-88 的“清除（clear）”）：{media}',
  },
  'wiped-files-removed': {
    en: '{files} files ({bytes} bytes) were removed and not overwritten; their blocks keep the content until they are used again',
    zh: '{files} 个文件（{bytes} 字节）仅删除、未覆写；其数据块在被重新使用前仍保留内容',
  },
  'wiped-written-elsewhere': {
    en: 'Files were overwritten and removed, but the zeros may have gone to other blocks than the content, so this is no "clear": {media}',
    zh: '文件已覆写并删除，但零可能写到了原内容以外的数据块，因此不构成“清除（clear）”：{media}',
  },
  'wiped-names': {
    en: 'Names of files and folders, and extended attributes, were removed and not overwritten',
    zh: '文件名、文件夹名和扩展属性仅删除、未覆写',
  },
  'wiped-links-out': {
    en: '{count} places outside that links led to were not touched: {some}',
    zh: '链接指向的 {count} 个外部位置未作处理：{some}',
  },
  'medium-magnetic': {
    en: '"{place}" on {fileSystem}, on a disk that says it turns',
    zh: '“{place}”位于 {fileSystem}，磁盘自称为旋转磁盘',
  },
  'medium-virtual': {
    en: '"{place}" on {fileSystem}, on a virtual or mapped disk; whoever runs it knows what lies below',
    zh: '“{place}”位于 {fileSystem}，为虚拟或映射磁盘；其底层只有管理者知道',
  },
  'medium-solid-state': {
    en: '"{place}" on {fileSystem}, on a solid-state disk, which puts what is written where it likes',
    zh: '“{place}”位于 {fileSystem}，为固态磁盘，写入位置由其自行决定',
  },
  'medium-unknown': {
    en: '"{place}" on {fileSystem}, on a medium its host cannot name',
    zh: '“{place}”位于 {fileSystem}，主机无法得知其介质',
  },
  'medium-not-known': { en: 'the medium was not looked at', zh: '未查看介质' },
  'wiped-database': {
    en: 'The database "{name}" ({bytes} bytes, {tables} tables) was dropped: its server removed the files and overwrote nothing',
    zh: '数据库“{name}”（{bytes} 字节，{tables} 张表）已删除：服务器仅删除其文件，未作覆写',
  },
  'wiped-roles-left': {
    en: 'Roles of the application, with the hashes of their passwords, are still on the server',
    zh: '应用角色及其口令散列仍在服务器上',
  },
  'wiped-log-left': {
    en: '{segments} segments ({bytes} bytes) of the write-ahead log of its server are still there; they hold rows until they are written over[?, and the archive "{archive}" keeps its own]',
    zh: '服务器的 {segments} 个预写日志段（{bytes} 字节）仍在，被改写之前含有行数据[?；归档“{archive}”另有保存]',
  },
  'wiped-log-unseen': {
    en: 'The write-ahead log of its server, which holds rows until it is written over, is still there; its size could not be read ({because})',
    zh: '服务器的预写日志仍在，被改写之前含有行数据；无法读取其大小（{because}）',
  },
  'wiped-messages-left': {
    en: 'The log of its server ({where}) is still there; statements in it may hold values of rows',
    zh: '服务器运行日志（{where}）仍在，其中的语句可能含有行数据',
  },
  'wiped-standbys': {
    en: '{standbys} standbys of its server were connected; they remove the database when they have replayed the log',
    zh: '服务器有 {standbys} 个备库相连，回放日志后才会删除该数据库',
  },
  'wipe-not-snapshots': {
    en: 'Snapshots of the file system, of the disk and of the virtual machine',
    zh: '文件系统、磁盘和虚拟机的快照',
  },
  'wipe-not-backups': {
    en: 'Backups and dumps, wherever they are kept',
    zh: '各处保存的备份与转储',
  },
  'wipe-not-traces': {
    en: 'Swap space, memory dumps, the journal of the file system, temporary files and logs outside the paths',
    zh: '交换空间、内存转储、文件系统日志，以及路径之外的临时文件和日志',
  },
  'wipe-not-other-copies': {
    en: 'Copies on staging and at vendors: the move removes its own copy on staging at its end, overwrites nothing of it and does not look at its logs',
    zh: '测试平台和厂商处的副本：迁移结束时仅删除其在测试平台的副本，不覆写，也不查看其日志',
  },
  'wipe-not-purged': {
    en: "Spare and remapped cells of the disk: nothing was purged or destroyed in the sense of NIST SP 800-88, which takes the device's own sanitize command, the erasure of its key, or its destruction, by whoever owns the disk",
    zh: '磁盘的备用和重映射单元：未做 NIST SP 800-88 意义上的“净化（purge）”或“销毁（destroy）”；那需要由磁盘所有者使用设备自身的清洗命令、销毁密钥或物理销毁',
  },
})
