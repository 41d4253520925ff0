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
    pageWithToken: (url: string, tokenPath: string) =>
      `Follow it at ${url}, with the coordinator's token: ${tokenPath}`,
    nextWithoutLab:
      'Next, in another terminal: npx qianyun system import docs/example/systems.csv --context coordinator-chen',
    howToEnd: 'Ctrl-C ends it; the state is kept for the next start.',
    ending: 'Ending what was started (Ctrl-C again: at once) …',
    ended: 'All ended.',
    killing:
      "Killing what was started; the lab's hosts are ended after it (Ctrl-C again: do not wait for them) …",
    killed: 'All ended.',
    labEndsAlone: (command: string) =>
      `The lab's hosts are still being ended. Should any go on running: ${command}`,
    freshRemoves: '--fresh removes:',
    freshKeeps: 'The moves, their audit log and the keys of the role accounts are then gone for good.',
    freshAsk: 'Type "yes" to remove it: ',
    freshNot: 'Nothing is removed, nothing is started.',
    freshNeedsYes: 'There is nobody to ask: add --yes to remove it. Nothing is removed, nothing is started.',
  },
  zh: {
    starting: (home: string) => `正在启动；状态保存在 ${home}`,
    withoutLab: '不带实验环境，仅启动平台本身。',
    ready: (seconds: string) => `已全部就绪（${seconds} 秒）。`,
    page: (url: string) => `  页面      ${url}`,
    temporal: (url: string) => `  Temporal  ${url}`,
    logs: (folder: string) => `  日志      ${folder}`,
    launching: '行政许可受理系统开始迁移（实验环境时长）：',
    at: (place: string) => `  ${place}`,
    signedInPage: (url: string) => `以协调小组身份查看：${url}`,
    pageWithToken: (url: string, tokenPath: string) => `请在 ${url} 查看，协调小组的令牌在 ${tokenPath}`,
    nextWithoutLab:
      '下一步（另开终端）：npx qianyun system import docs/example/systems.csv --context coordinator-chen',
    howToEnd: '按 Ctrl-C 结束；状态保留到下次启动。',
    ending: '正在结束已启动的进程（再按一次 Ctrl-C 立即结束）……',
    ended: '已全部结束。',
    killing: '正在强制结束；随后结束实验环境的主机（再按一次 Ctrl-C 不再等待）……',
    killed: '已全部结束。',
    labEndsAlone: (command: string) => `实验环境的主机仍在结束中。如有主机继续运行，请执行：${command}`,
    freshRemoves: '--fresh 将删除：',
    freshKeeps: '删除后，迁移记录、审计日志和各角色账号的密钥均无法恢复。',
    freshAsk: '输入 yes 确认删除：',
    freshNot: '未删除任何内容，也未启动。',
    freshNeedsYes: '当前不是交互终端，无法确认：请加 --yes。未删除任何内容，也未启动。',
  },
} as const
