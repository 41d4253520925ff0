import { words } from './message.ts'

/** Why scheduled jobs are not run. */
export const scheduledJobWords = words({
  'jobs-not-run': {
    en: 'Scheduled jobs of the system on "{host}" are not run there: {problems}. Mend that on the host, then run the step again; a job that the system does not need is taken out of its table.',
    zh: '“{host}”上该系统的定时任务不会被执行：{problems}。请在该主机上修正，再重新执行该步骤；系统不需要的任务请从其表中删除。',
  },
  'job-not-run': { en: '"{job}": {why}', zh: '“{job}”：{why}' },
  'cron-no-cron': { en: 'no cron runs on the host', zh: '该主机上没有运行 cron' },
  'cron-not-read': {
    en: 'the cron that runs there (busybox) reads the tables of users alone',
    zh: '该主机上的 cron（busybox）只读取用户的表',
  },
  'cron-name': {
    en: 'cron passes over a file of this name: Debian takes letters, digits, "_" and "-" only, without a dot',
    zh: 'cron 忽略此名称的文件：Debian 只接受字母、数字、“_”和“-”，不含点',
  },
  'cron-owner': {
    en: 'cron passes over the file, which does not belong to root (as does a link to it)',
    zh: 'cron 忽略此文件：文件及指向它的链接均应属于 root',
  },
  'cron-mode': {
    en: 'cron passes over the file for its mode: a file of the system must be 0644 or stricter, the table of a user 0600',
    zh: 'cron 因权限忽略此文件：系统的文件应为 0644 或更严，用户的表应为 0600',
  },
  'cron-links': {
    en: 'cron passes over the file, which has more than one hard link',
    zh: 'cron 忽略此文件：它有不止一个硬链接',
  },
  'cron-line-end': {
    en: 'the last line of the file does not end in a line break',
    zh: '文件的最后一行没有换行符',
  },
  'cron-line': {
    en: 'cron cannot read a line of the file, and passes over the whole file',
    zh: 'cron 无法读懂文件中的某一行，因而忽略整个文件',
  },
  'cron-user': {
    en: 'the file names a user who does not exist on the host',
    zh: '文件中的用户在该主机上不存在',
  },
})
