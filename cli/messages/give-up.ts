/** What is said as one side of a move is given up. */
export const giveUpMessages = {
  flag: {
    en: 'Give up what the side that came back holds alone. Its dump lies at HOST:PATH, a host of the plan; two people have to agree',
    zh: '放弃恢复的一侧独有的数据。其导出文件位于“主机:路径”（计划中的主机）；须两人同意',
  },
  flagDataset: { en: 'Which of several databases it is', zh: '多个数据库时指定其一' },
  badDump: {
    en: '"{given}" is no place of a dump. Give a host of the plan and an absolute path, as in --give-up new-1:/backup/permit.dump.',
    zh: '“{given}”不是导出文件的位置。请给出计划中的主机和绝对路径，例如 --give-up new-1:/backup/permit.dump。',
  },
  agreed: {
    en: '  first its dump {dump} is read, and two people have to complete a task each with the SHA-256 of it in the note: one of operations, one of the owner; until then nothing is touched',
    zh: '  首先读取导出文件 {dump}，并须运维和所属部门各一人完成任务，在备注中写明其 SHA-256；在此之前不做任何改动',
  },
  dropsNew: {
    en: '  then the database on {side} is fenced and dropped, with every write that only it has; replication makes it anew',
    zh: '  然后封锁并删除 {side} 上的数据库，连同只有该库才有的写入；复制步骤会重新建立该库',
  },
  emptiesOld: {
    en: '  then the database on {side} is fenced and emptied, with every write that only it has',
    zh: '  然后封锁并清空 {side} 上的数据库，连同只有该库才有的写入',
  },
} as const
