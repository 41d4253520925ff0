import { words } from './message.ts'

/** What the assessment finds in a tree of files that a copy may not have as it is; `remedy-…` is what to do about it. */
export const fileFindings = words({
  'files-acls': {
    en: '{count} files and folders below "{path}" have access control lists: {some}',
    zh: '“{path}”下有 {count} 个文件或文件夹带访问控制列表（ACL）：{some}',
  },
  'remedy-files-acls': {
    en: 'They are carried where rsync and the file system of both hosts know them; the users they name have to have the same numbers there. The result of the step says what was not.',
    zh: '两侧 rsync 与文件系统均支持时随文件传送；其中的用户编号在新侧须一致。未传送的会在步骤结果中列明。',
  },
  'files-xattrs': {
    en: '{count} files and folders below "{path}" have extended attributes: {some}',
    zh: '“{path}”下有 {count} 个文件或文件夹带扩展属性：{some}',
  },
  'remedy-files-xattrs': {
    en: 'Those of the namespace "user" are carried where rsync and the file system of both hosts know them; others stay behind. The result of the step says what was not.',
    zh: 'user 命名空间的属性在两侧 rsync 与文件系统均支持时传送，其余不传送。未传送的会在步骤结果中列明。',
  },
  'files-capabilities': {
    en: '{count} files below "{path}" have capabilities, which lend rights: {some}',
    zh: '“{path}”下有 {count} 个文件带文件能力（capabilities），可赋予权限：{some}',
  },
  'remedy-files-capabilities': {
    en: 'They are carried with "owners: true" and by root only: say so in the playbook, or set them again on the new host.',
    zh: '仅在“owners: true”且由 root 执行时传送：请在剧本中写明，或在新主机上重新设置。',
  },
  'files-holes': {
    en: '{count} files below "{path}" take less room than their size, as holes or compression make it: {some}',
    zh: '“{path}”下有 {count} 个文件占用空间小于其大小（空洞或压缩）：{some}',
  },
  'remedy-files-holes': {
    en: 'Holes are made again unless the playbook leaves them out; what was compressed takes its full size. Check the room on the new host.',
    zh: '除非剧本略去，空洞会重新生成；压缩过的内容将占用全部大小。请核对新主机空间。',
  },
  'files-devices': {
    en: '{count} devices below "{path}", which are never carried: {some}',
    zh: '“{path}”下有 {count} 个设备文件，不会传送：{some}',
  },
  'remedy-files-devices': {
    en: 'Find out what uses them, and make them on the new host if it is needed there.',
    zh: '查明其用途，需要时在新主机上创建。',
  },
  'files-channels': {
    en: '{count} sockets and pipes of running programs below "{path}": {some}',
    zh: '“{path}”下有 {count} 个运行中程序的套接字或管道：{some}',
  },
  'remedy-files-channels': {
    en: 'The programs of the new host make their own. Keep them out of the folder by "exclude" if they are in the way.',
    zh: '新主机上的程序会自行创建；如有妨碍，请用“exclude”排除。',
  },
  'files-hard-links-out': {
    en: '{count} files below "{path}" have a hard link outside of it: {some}',
    zh: '“{path}”下有 {count} 个文件在该文件夹之外另有硬链接：{some}',
  },
  'remedy-files-hard-links-out': {
    en: 'They are carried as files of their own: what is written by the other name no longer shows here. Move both names in one tree, or copy the file first.',
    zh: '将作为独立文件传送，此后通过另一名称写入的内容不再出现于此。请把两处放在同一文件树中迁移，或先行复制。',
  },
  'files-links-out': {
    en: '{count} links below "{path}" lead out of it: {some}',
    zh: '“{path}”下有 {count} 个链接指向该文件夹之外：{some}',
  },
  'remedy-files-links-out': {
    en: 'The link is carried, and nothing of what lies behind it. Name that place in the plan as a dataset of its own, or see to it on the new host.',
    zh: '只传送链接，不传送其指向的内容。请把该处列为计划中的另一数据集，或在新主机上另行处理。',
  },
  'files-odd-names': {
    en: '{count} names below "{path}" are not UTF-8: {some}',
    zh: '“{path}”下有 {count} 个名称不是 UTF-8：{some}',
  },
  'remedy-files-odd-names': {
    en: 'They are carried byte by byte. Make sure that the application finds them under the locale of the new host, or rename them first.',
    zh: '按字节原样传送。请确认应用在新主机的字符集下能找到它们，或先行改名。',
  },
  'files-databases': {
    en: '{count} files below "{path}" belong to databases that an application keeps there: {some}',
    zh: '“{path}”下有 {count} 个文件属于应用自带的数据库：{some}',
  },
  'remedy-files-databases': {
    en: 'A copy made while it is written is torn, and what both applications write during a switch cannot be put together. Keep such data in the PostgreSQL database, or carry the file only while nothing has it open, and "exclude" it otherwise.',
    zh: '写入期间的副本不完整，切换前后两侧应用写入的内容也无法合并。请改存到 PostgreSQL 数据库，或仅在无程序打开时传送，平时用“exclude”排除。',
  },
  'files-file-systems': {
    en: '{count} other file systems are mounted below "{path}": {some}',
    zh: '“{path}”下挂载了 {count} 个其他文件系统：{some}',
  },
  'remedy-files-file-systems': {
    en: 'What lies on them is carried into one folder: check that it is meant, and that the disk of the new host has room for all of it. Otherwise "exclude" it.',
    zh: '其中的内容会一并传送到同一文件夹：请确认确需迁移，且新主机磁盘放得下，否则用“exclude”排除。',
  },
  'files-unreadable': {
    en: '{count} files and folders below "{path}" cannot be read by the login user: {some}',
    zh: '登录用户无法读取“{path}”下的 {count} 个文件或文件夹：{some}',
  },
  'remedy-files-unreadable': {
    en: 'A pass would fail at them, and nothing is known of what is below them. Let the login user read them, or log in as root.',
    zh: '同步会在此失败，其下的内容也未查明。请授予登录用户读取权限，或以 root 登录。',
  },
  'files-unknown': {
    en: 'Whether there are {features} below "{path}" is unknown: the host has no means to tell.',
    zh: '“{path}”下是否有{features}未能查明：主机上没有可用的工具。',
  },
  'remedy-files-unknown': {
    en: 'Install python3, or getfattr and a grep that knows -P, and assess again; or let a person look.',
    zh: '请安装 python3，或 getfattr 与支持 -P 的 grep，然后重新评估；或由人工核实。',
  },
  'files-unseen': {
    en: 'The files below "{path}" on host "{host}" could not be looked at: {because}',
    zh: '主机“{host}”上“{path}”下的文件未能查明：{because}',
  },
  'remedy-files-unseen': {
    en: 'Remove the reason and assess again, or let a person look.',
    zh: '排除原因后重新评估，或由人工核实。',
  },
  'feature-acls': { en: 'access control lists', zh: '访问控制列表' },
  'feature-xattrs': { en: 'extended attributes', zh: '扩展属性' },
  'feature-capabilities': { en: 'file capabilities', zh: '文件能力' },
  'feature-holes': { en: 'holes', zh: '空洞' },
  'feature-devices': { en: 'devices', zh: '设备文件' },
  'feature-channels': { en: 'sockets and pipes', zh: '套接字和管道' },
  'feature-hard-links-out': { en: 'hard links to outside', zh: '指向外部的硬链接' },
  'feature-links-out': { en: 'links to outside', zh: '指向外部的链接' },
  'feature-odd-names': { en: 'names that are not UTF-8', zh: '非 UTF-8 名称' },
  'feature-databases': { en: 'files of databases', zh: '数据库文件' },
  'feature-file-systems': { en: 'other file systems', zh: '其他文件系统' },
  'feature-unreadable': { en: 'unreadable files', zh: '无法读取的文件' },
})
