import { language } from '../standalone/sentences.ts'

/** What keeps a lab from running, told at a terminal and in its log. */
export const sentences = {
  en: {
    packageMissing: (programs: readonly string[], command: string) =>
      `The lab needs ${programs.map((p) => `"${p}"`).join(', ')}, which this machine does not have. Install with "${command}" and start again.`,
    needsRoot: (user: string) =>
      `The lab's hosts run as users of their own, and "${user}" may not act for them: "sudo -n true" was refused. Run as root, or allow sudo without a password for the time of the lab.`,
    homeClosed: (closed: string, home: string) =>
      `The lab's hosts run as users of their own and cannot enter "${closed}", on the way to "${home}". Set QIANYUN_HOME to a folder every user can pass through, or run "chmod o+x ${closed}".`,
    moved: (home: string, madeIn: string) =>
      `The lab in "${home}" was made in "${madeIn}", and its hosts know no other place. Move the folder back, or begin anew with: npm start -- --fresh`,
    portTaken: (port: number, address: string, holder: string) =>
      `Port ${port} on "${address}" is taken by ${holder}, but this lab has used it since its first start. End that program, or begin anew in another home folder.`,
    alreadyRunning: (home: string, pid: number) =>
      `The lab in "${home}" is already run by process ${pid}. Use that one, or end it first.`,
    notFound: (home: string, reason: string) =>
      `There is no usable lab in "${home}": ${reason}. Bring one up with "npx tsx lab/main.ts up --home ${home}".`,
    partNotReady: (part: string, waitedMs: number, log: string, tail: string) =>
      `"${part}" of the lab did not answer within ${waitedMs} ms. Its log is "${log}" and ends: ${tail === '' ? '(empty)' : tail}`,
    commandFailed: (program: string, user: string, code: number | null, stderr: string) =>
      `"${program}", run as "${user}", ended with ${code ?? 'a signal'}: ${stderr}`,
  },
  zh: {
    packageMissing: (programs: readonly string[], command: string) =>
      `实验环境需要 ${programs.map((p) => `“${p}”`).join('、')}，而本机没有。请执行“${command}”安装，然后重新启动。`,
    needsRoot: (user: string) =>
      `实验主机以各自的用户运行，而“${user}”无权代其操作：“sudo -n true”被拒绝。请以 root 运行，或在实验期间允许免密使用 sudo。`,
    homeClosed: (closed: string, home: string) =>
      `实验主机以各自的用户运行，无法进入“${home}”所在的“${closed}”。请将 QIANYUN_HOME 设为所有用户可进入的目录，或执行“chmod o+x ${closed}”。`,
    moved: (home: string, madeIn: string) =>
      `“${home}”中的实验环境建于“${madeIn}”，其主机只认得原来的位置。请将目录移回，或重新开始：npm start -- --fresh`,
    portTaken: (port: number, address: string, holder: string) =>
      `“${address}”的端口 ${port} 已被 ${holder} 占用，而此实验环境自首次启动起一直使用该端口。请结束占用的程序，或在另一目录重新开始。`,
    alreadyRunning: (home: string, pid: number) =>
      `“${home}”中的实验环境已由进程 ${pid} 运行。请使用它，或先将其结束。`,
    notFound: (home: string, reason: string) =>
      `“${home}”中没有可用的实验环境：${reason}。请执行“npx tsx lab/main.ts up --home ${home}”启动。`,
    partNotReady: (part: string, waitedMs: number, log: string, tail: string) =>
      `实验环境的“${part}”在 ${waitedMs} 毫秒内没有应答。其日志“${log}”的末尾：${tail === '' ? '（没有输出）' : tail}`,
    commandFailed: (program: string, user: string, code: number | null, stderr: string) =>
      `以用户“${user}”执行的“${program}”已退出（${code === null ? '被信号终止' : `退出码 ${code}`}）：${stderr}`,
  },
} as const

/** What is said of the lab, in the language that `--lang` or the environment asks for. */
export const says = sentences[language]
