import { language } from './words.mjs'

const usages = {
  en: {
    start: `npm start [-- --no-lab] [--fresh [--yes]] [--lang zh|en]
  --no-lab   the stack alone, without the lab's machines
  --fresh    remove what earlier starts made in this home first; asks before it does
  --yes      do not ask
  --lang     the language of the messages`,
    demo: `npm run demo [-- [--json] [--writers N] [--kill-workers N] [--system NAME] [--list] [--lang zh|en]]
The whole life of one system in the lab, unattended, with writers on it: moved, rolled back, moved again, closed.
  --json            the last line is the summary as JSON
  --writers N       how many use the system at the same time; default 8
  --kill-workers N  kills a worker N times at random moments: it may change nothing but the length
  --system NAME     the system that is moved; default permit-desk
  --list            names the systems there are, and moves none
  --lang            the language of the messages`,
    bench: `npm run bench -- cutover [--switches 20] [--size-gb 1] [--writers 16] [--json]
       npm run bench -- mysql [--switches 20] [--size-gb 1] [--writers 16] [--json]
       npm run bench -- steps [--steps 100] [--json]
       npm run bench -- files [--files 50000] [--size-gb 1] [--json]
       npm run bench -- cli [--json]
       npm run bench -- audit [--entries 100000] [--json]
  cutover   switches a database forth and back under writers, and dumps and restores the same database
  mysql     does the same with a MariaDB whose clients connect to it themselves
  steps     runs a command as the steps of a playbook, and the same command by hand
  files     carries a tree of files between two hosts by a step, and by rsync alone
  cli       starts the command line: of a package, and of the checkout
  audit     verifies a long audit log, and has the server hash the same entries`,
    soak: `npm run soak -- switchovers [--count 100] [--seed N] [--datasets 2] [--databases 1|2] [--json]
       npm run soak -- hostile [--seed N] [--minutes 1] [--texts 100000] [--json]
  switchovers   switches databases forth and back under writers while servers, pooler, runner and network are struck
  --count N     how many switches in all; --seed N: the same chances again; --datasets N: pairs switched at the same time
  --databases N databases of each pair, switched at the same time; otherwise one or two, by the seed
  hostile       attacks a product of its own as strangers, vendors and local callers would, and reads mangled texts
  --minutes N   begins rounds for so long; at least one is made; --texts N: mangled texts read in each round`,
    test: `npm test [-- [--slow | --all] [FILE ...] [flags of jest]]
Types, lint, format, architecture, and the tests; with files only the tests of those.
  --slow   the tests that take minutes of their own, alone
  --all    both`,
    uninstall: `npm run uninstall [-- [--yes] [--packages]] [--lang zh|en]
Shows what was made on this machine, asks, and removes it; asks about the Debian packages apart.
  --yes       do not ask; Debian packages stay
  --packages  remove the Debian packages too`,
    setup: `node standalone/setup/first.cjs setup
Fetches and installs what is missing for all of them, and runs nothing.`,
  },
  zh: {
    start: `npm start [-- --no-lab] [--fresh [--yes]] [--lang zh|en]
  --no-lab   仅启动平台本身，不带实验环境的主机
  --fresh    先删除以往启动在本目录产生的内容；删除前会询问
  --yes      不询问
  --lang     提示信息的语言`,
    demo: `npm run demo [-- [--json] [--writers N] [--kill-workers N] [--system NAME] [--list] [--lang zh|en]]
在实验环境中无人值守地走完一个系统的全过程，期间持续写入：迁移、回退、再次迁移、办结。
  --json            最后一行以 JSON 给出汇总
  --writers N       同时使用系统的人数，默认 8
  --kill-workers N  在随机时刻终止工作进程 N 次：除耗时外不应有任何变化
  --system NAME     迁移哪个系统，默认 permit-desk
  --list            列出可用的系统，不迁移
  --lang            提示信息的语言`,
    bench: `npm run bench -- cutover [--switches 20] [--size-gb 1] [--writers 16] [--json]
       npm run bench -- mysql [--switches 20] [--size-gb 1] [--writers 16] [--json]
       npm run bench -- steps [--steps 100] [--json]
       npm run bench -- files [--files 50000] [--size-gb 1] [--json]
       npm run bench -- cli [--json]
       npm run bench -- audit [--entries 100000] [--json]
  cutover   在持续写入下来回切换一个数据库，并导出、恢复同一数据库
  mysql     同上，对象为客户端直连的 MariaDB
  steps     以预案步骤执行一条命令，并与手工执行对比
  files     以预案步骤在两台主机间同步一个目录，并与单独使用 rsync 对比
  cli       启动命令行：软件包中的与检出目录中的
  audit     校验很长的审计日志，并由服务器对同样的条目计算散列`,
    soak: `npm run soak -- switchovers [--count 100] [--seed N] [--datasets 2] [--databases 1|2] [--json]
       npm run soak -- hostile [--seed N] [--minutes 1] [--texts 100000] [--json]
  switchovers   在持续写入下来回切换数据库，同时干扰服务器、连接池、执行进程和网络
  --count N     切换总次数；--seed N：重现相同的随机过程；--datasets N：同时切换的对数
  --databases N 每对同时切换的数据库数，默认由随机种子决定一个或两个
  hostile       以陌生人、厂商和本机调用者的身份攻击自带的平台，并读入损坏的文本
  --minutes N   持续开始新一轮的时间，至少一轮；--texts N：每轮读入的损坏文本数`,
    test: `npm test [-- [--slow | --all] [文件 ...] [jest 的选项]]
类型、规范、格式、架构检查与测试；指定文件时只运行这些测试。
  --slow   只运行耗时数分钟的测试
  --all    两者都运行`,
    uninstall: `npm run uninstall [-- [--yes] [--packages]] [--lang zh|en]
列出在本机产生的内容，询问后删除；Debian 软件包单独询问。
  --yes       不询问；保留 Debian 软件包
  --packages  同时删除 Debian 软件包`,
    setup: `node standalone/setup/first.cjs setup
为以上各命令下载并安装缺少的内容，不运行任何程序。`,
  },
}

/** What each command takes: told before anything is set up, and by the programs themselves when a flag is wrong. */
export const usage = usages[language]
