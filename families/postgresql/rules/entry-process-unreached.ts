import { databaseRule } from '../census/rule.ts'

export const entryProcessUnreached = databaseRule({
  id: 'entry-process-unreached',
  severity: 'critical',
  when: ['assessment', 'preflight'],
  looksAt: ['entries'],
  sentence: {
    zh: '{place} 上有 {listeners} 个进程在监听，只能连上 {processes} 个：其余进程的客户端在切换后会挂起。',
    en: '{listeners} processes listen at {place}, of which {processes} can be reached: clients of the others would hang after a switch.',
  },
  remedy: {
    zh: '恢复或停止连不上的进程（ss -ltnp）。',
    en: 'Bring the processes back that do not answer, or stop them ("ss -ltnp" lists them).',
  },
  find: ({ entries }) =>
    entries
      .filter(({ unseen, listeners, processes }) => unseen === undefined && listeners > processes)
      .map(({ name, place, listeners, processes }) => ({
        object: name,
        values: { place, listeners, processes },
      })),
})
