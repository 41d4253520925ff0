import { atServer, everyMoment, serverRule } from '../census/rule.ts'

/** A server keeps every log file that it cannot archive, whatever bounds the log of slots, until its disk is full and it stops. */
export const archivingFails = serverRule({
  id: 'archiving-fails',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sentence: {
    zh: '服务器“{object}”归档日志失败（最近失败的是 {file}）：未归档的日志会一直保留，直到磁盘写满、服务器停止；这期间也没有可用于恢复的备份。',
    en: 'Server "{object}" fails to archive its log (last "{file}"): what is not archived is kept until the disk is full and the server stops, and no backup reaches past it.',
  },
  remedy: {
    zh: '按其日志中的提示修正 archive_command 或 archive_library（例如 pgBackRest 要求每台服务器有自己的 stanza）；不需要归档时设 archive_mode = off 并重启。',
    en: 'Correct "archive_command" or "archive_library" as the log of the server says (each server needs a stanza of its own in pgBackRest, for example); where nothing is to be archived, set "archive_mode = off" and restart it.',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '适用于有人看着磁盘、归档很快修好的情况。',
      en: 'that is for a failure whose disk somebody watches until it is mended.',
    },
  },
  find: (facts) => {
    const { notArchived } = facts.server
    return atServer(facts, notArchived !== undefined, { file: notArchived ?? '' })
  },
})
