import { atServer, everyMoment, neededBothWays, serverRule } from '../census/rule.ts'

export const workerProcessesFull = serverRule({
  id: 'worker-processes-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”允许 {count} 个后台工作进程，扩展与其他订阅占用 {used} 个；本迁移需要 {needed} 个空闲。',
    en: 'Server "{object}" allows {count} background worker processes, of which extensions and subscriptions of others take {used}; this move needs {needed}.',
  },
  remedy: {
    zh: '调大 max_worker_processes 并重启。',
    en: 'Raise max_worker_processes and restart it.',
  },
  find: (facts) => {
    const { usedWorkerProcesses, maxWorkerProcesses } = facts.server
    return atServer(facts, usedWorkerProcesses + neededBothWays > maxWorkerProcesses, {
      used: usedWorkerProcesses,
      count: maxWorkerProcesses,
      needed: neededBothWays,
    })
  },
})
