import { atServer, serverRule } from '../census/rule.ts'

/** A subscription names the password with which its server logs in to the other one. */
export const serviceLogsPasswords = serverRule({
  id: 'service-logs-passwords',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  sentence: {
    zh: '服务器“{object}”将语句写入日志（{setting}），而其管理员无权在自己的会话中关闭：对侧数据库的管理员口令会留在该日志中。',
    en: 'Server "{object}" writes statements into its log ({setting}), and its administrator may not turn that off for sessions of its own: the password of the other side\'s administrator would stay in that log.',
  },
  remedy: {
    zh: '迁移期间在服务的参数中关闭',
    en: 'Turn it off among the parameters of the service during the move',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '该口令须在迁移后更换，且日志只有可信的人能够读取。',
      en: 'that password is to be changed after the move, and the log is read by nobody who is not trusted.',
    },
  },
  find: (facts) => {
    const setting = facts.server.administrator.rights?.logsStatements
    return atServer(facts, setting !== undefined, { setting: setting ?? '' })
  },
})
