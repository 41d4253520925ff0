export type Language = 'zh' | 'en'

/** What `npm start` itself says to a person. */
export const sentences = {
  en: {
    starting: (home: string) => `Starting the stack; its state is in ${home}`,
    withoutLab: 'Without the lab: the stack alone.',
    ready: (seconds: string) => `Everything is up (${seconds} s).`,
    page: (url: string) => `  page      ${url}`,
    temporal: (url: string) => `  Temporal  ${url}`,
    logs: (folder: string) => `  logs      ${folder}`,
    launching: 'The move of the permit desk (lab durations):',
    at: (place: string) => `  ${place}`,
    signedInPage: (url: string) => `Follow it, signed in as the coordinator: ${url}`,
    howToEnd: 'Ctrl-C ends it; the state is kept for the next start.',
    ending: 'Ending what was started (Ctrl-C again: at once) …',
    ended: 'All ended.',
    killed: 'All killed.',
  },
  zh: {
    starting: (home: string) => `正在启动；状态保存在 ${home}`,
    withoutLab: '不带演练环境，仅启动平台本身。',
    ready: (seconds: string) => `已全部就绪（${seconds} 秒）。`,
    page: (url: string) => `  页面      ${url}`,
    temporal: (url: string) => `  Temporal  ${url}`,
    logs: (folder: string) => `  日志      ${folder}`,
    launching: '行政许可受理系统开始迁移（演练时长）：',
    at: (place: string) => `  ${place}`,
    signedInPage: (url: string) => `以协调小组身份查看：${url}`,
    howToEnd: '按 Ctrl-C 结束；状态保留到下次启动。',
    ending: '正在结束已启动的进程（再按一次 Ctrl-C 立即结束）……',
    ended: '已全部结束。',
    killed: '已强制结束。',
  },
} as const

/** The language asked for, else that of the environment. */
export function chooseLanguage(
  asked: string | undefined,
  locale = process.env['LC_ALL'] ?? process.env['LANG'],
): Language {
  if (asked === 'zh' || asked === 'en') return asked
  return locale?.startsWith('zh') === true ? 'zh' : 'en'
}
