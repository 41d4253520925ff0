import chooseLanguage from './setup/language.cjs'

/** What a start says at the terminal, and the errors of its parts. */
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
    notReadyYet: (name: string, seconds: number, logPath: string) =>
      `${name} is not ready yet; it is waited for, ${seconds} s in all. Its log: ${logPath}`,
    isReady: (name: string, where: string, seconds: string) =>
      `${name} is ready${where === '' ? '' : ` at ${where}`} (${seconds} s)`,
    namedDatabase: (host: string) => `postgres: using the database that DATABASE_URL names, at ${host}`,
    namedTemporal: (address: string) => `temporal: using the server that TEMPORAL_ADDRESS names, ${address}`,
    temporalOnceMore: 'temporal did not come up; it is started once more',
    temporalMoved: (version: string, movedTo: string, earlier: string) =>
      `Temporal is now server ${version}; its state of before is kept in "${movedTo}", and a new file is begun. Moves that were under way are in the old one. ` +
      `To go on with them, end this and start with a Temporal CLI of server ${earlier}: TEMPORAL_CLI=/path/to/temporal npm start`,
    temporalBack: (version: string, movedTo: string, earlier: string) =>
      `Temporal is server ${version} again: its state of then is taken up, and what server ${earlier} has kept since is in "${movedTo}".`,
    endingLeftBehind: (names: string) => `An earlier stack was killed; ending what it left: ${names}.`,
    erased: (home: string) => `Everything that earlier starts made in "${home}" is removed.`,
    killedAfterGrace: (name: string, seconds: number) =>
      `${name} did not end within ${seconds} s and was killed.`,
    startedAgain: (name: string, exit: string, seconds: number, logPath: string) =>
      `${name} ended (${exit}); it is started again in ${seconds} s. Its log: ${logPath}`,
    runsAgain: (name: string, pid: string) => `${name} runs again (process ${pid}).`,
    exitCode: (code: string) => `exit code ${code}`,
    exitSignal: (signal: string) => `signal ${signal}`,
    endedWith: (exit: string) => `ended with ${exit}`,
    notReadyInTime: (seconds: number) => `was not ready after ${seconds} s`,
    notReady: (name: string, situation: string, logPath: string) =>
      `"${name}" ${situation}. The end of its log, ${logPath}:`,
    wroteNothing: '(it wrote nothing)',
    endedWhileStarting: (name: string) =>
      `The stack was ended while it started, before "${name}" ran. Start it again when you want it.`,
    runsAlready: (pid: number, page: string) =>
      `The stack runs already: process ${pid}, page ${page}. End that one with Ctrl-C (or: kill ${pid}), or use it.`,
    portTaken: (port: number, purpose: string, holder: string) =>
      `Port ${port} for ${purpose} is taken by ${holder}`,
    portsTaken: (taken: readonly string[], variables: readonly string[]) =>
      `${taken.join('. ')}. End it, or choose another port with ${variables.join(', ')}.`,
    portRefused: (port: number, purpose: string, variable: string) =>
      `Port ${port} for ${purpose} is not open to this user: ports below 1024 are root's. Choose another port with ${variable}.`,
    processOfAnother: 'a process of another user',
    portHolder: (pid: number, command: string) => `process ${pid} ("${command}")`,
    purposes: {
      api: 'the API and the page',
      temporal: 'Temporal',
      temporalUi: "Temporal's page",
      postgres: 'PostgreSQL',
    },
    missingProgram: (program: string, path: string) =>
      `${program} is not at "${path}". Run the set-up: node standalone/setup/first.cjs setup.`,
    folderClosed: (folder: string, needed: string, user: string) =>
      `"${folder}" is closed to other users, but "${needed}" must be reached by the user "${user}". ` +
      `Run: chmod o+x '${folder}', or set QIANYUN_HOME to a folder that is open.`,
    labNotEnded: (logPath: string, command: string) =>
      `The lab's hosts may still run: ending them failed, see "${logPath}". End them with: ${command}`,
    stateElsewhere: (variable: string) =>
      `--fresh removes what this home's own servers keep, but ${variable} names another server, whose moves and accounts would stay. ` +
      'Start without --fresh; to begin anew, name an empty database and a new namespace.',
    firstRunRefused: (path: string, status: number, detail: string) =>
      `The API answered "${path}" with ${status}: ${detail} Look at the API's log, or begin anew with --fresh.`,
    postgresPasswordLost: (folder: string, secret: string) =>
      `The database in "${folder}" was made with a password that is gone: there is no secret "${secret}". ` +
      'Put the secret back, or begin anew with: npm start -- --fresh.',
    postgresNotMade: (folder: string, output: string) =>
      `initdb could not make a database in "${folder}". It wrote: ${output}`,
    databaseNotReachable: (host: string, reason: string) =>
      `The database that DATABASE_URL names, at "${host}", does not let us in (${reason}). Start it, correct DATABASE_URL, or unset it to use the stack's own.`,
    databaseRefusesRole: (host: string, role: string, name: string, reason: string, secret: string) =>
      `The database that DATABASE_URL names, at "${host}", does not let in the role "${role}" of the process "${name}" (${reason}). ` +
      `Write its password into the file "own-secrets/${secret}" of the home folder, or give the role the password that is there.`,
    temporalNotReachable: (address: string, reason: string) =>
      `No Temporal server answers at "${address}" (${reason}). Start it, correct TEMPORAL_ADDRESS, or unset it to use the stack's own.`,
    searchAttributesRefused: (address: string, namespace: string, reason: string, commands: string) =>
      `The Temporal server at "${address}" did not register the search attributes of namespace "${namespace}" (${reason}). ` +
      `Have its administrator run: ${commands}`,
    namespaceNotFound: (address: string, namespace: string, command: string) =>
      `The Temporal server at "${address}" has no namespace "${namespace}". Correct TEMPORAL_NAMESPACE, or have its administrator make it: ${command}`,
    folded: (systems: string) =>
      `The state of these moves is what their events add up to, and was not before: ${systems}.`,
    databaseReady: (host: string) =>
      `The database at ${host} has the newest schema, and a role for each process.`,
    accountUsage: `npm run account -- add ACCOUNT --role ROLE --organisation ORGANISATION [--name NAME] [--programme PROGRAMME] [--department DEPARTMENT]…
On the machine of the server: makes a token and a signing key, an account of the one role and organisation, and a context of the same name.
  --role        coordinator, owner, provider, vendor, operations or auditor
  --programme, --department   what a coordinator acts for; default: the programme of the organisation, and every department no other has`,
    accountAdded: (account: string, role: string, organisation: string) =>
      `"${account}" is an account of "${organisation}", with the role ${role}.`,
    accountFiles: (token: string, key: string) =>
      `Its token and its signing key, which belong to the person: ${token}, ${key}`,
    accountOfAnother: (account: string, role: string, organisation: string) =>
      `"${account}" is an account of "${organisation}" already, with the role ${role}. Choose another name.`,
    accountNot: (problems: string) => `No account is added: ${problems}`,
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
    notReadyYet: (name: string, seconds: number, logPath: string) =>
      `${name} 尚未就绪，最多等待 ${seconds} 秒。日志：${logPath}`,
    isReady: (name: string, where: string, seconds: string) =>
      `${name} 已就绪${where === '' ? '' : `，地址 ${where}`}（${seconds} 秒）`,
    namedDatabase: (host: string) => `postgres：使用 DATABASE_URL 指定的数据库，位于 ${host}`,
    namedTemporal: (address: string) => `temporal：使用 TEMPORAL_ADDRESS 指定的服务器 ${address}`,
    temporalOnceMore: 'temporal 未能启动，再启动一次',
    temporalMoved: (version: string, movedTo: string, earlier: string) =>
      `Temporal 服务器现为 ${version}；原有状态保留在“${movedTo}”，并新建状态文件。进行中的迁移在旧文件中。` +
      `如需继续这些迁移，请结束本次运行，并用服务器版本为 ${earlier} 的 Temporal CLI 启动：TEMPORAL_CLI=/path/to/temporal npm start`,
    temporalBack: (version: string, movedTo: string, earlier: string) =>
      `Temporal 服务器恢复为 ${version}：沿用当时的状态，服务器 ${earlier} 此后的状态在“${movedTo}”。`,
    endingLeftBehind: (names: string) => `上次的进程曾被强制终止；正在结束其遗留进程：${names}。`,
    erased: (home: string) => `“${home}”中以往启动产生的内容已全部删除。`,
    killedAfterGrace: (name: string, seconds: number) => `${name} 在 ${seconds} 秒内未结束，已强制终止。`,
    startedAgain: (name: string, exit: string, seconds: number, logPath: string) =>
      `${name} 已退出（${exit}）；${seconds} 秒后重新启动。日志：${logPath}`,
    runsAgain: (name: string, pid: string) => `${name} 已恢复运行（进程 ${pid}）。`,
    exitCode: (code: string) => `退出码 ${code}`,
    exitSignal: (signal: string) => `信号 ${signal}`,
    endedWith: (exit: string) => `已退出（${exit}）`,
    notReadyInTime: (seconds: number) => `在 ${seconds} 秒内未就绪`,
    notReady: (name: string, situation: string, logPath: string) =>
      `“${name}”${situation}。其日志 ${logPath} 的末尾：`,
    wroteNothing: '（没有输出）',
    endedWhileStarting: (name: string) => `启动过程中收到结束请求，“${name}”尚未运行。需要时请重新启动。`,
    runsAlready: (pid: number, page: string) =>
      `已在运行：进程 ${pid}，页面 ${page}。请用 Ctrl-C（或 kill ${pid}）结束它，或直接使用。`,
    portTaken: (port: number, purpose: string, holder: string) =>
      `${purpose}的端口 ${port} 已被${holder}占用`,
    portsTaken: (taken: readonly string[], variables: readonly string[]) =>
      `${taken.join('；')}。请结束占用的程序，或用 ${variables.join('、')} 另选端口。`,
    portRefused: (port: number, purpose: string, variable: string) =>
      `当前用户无权使用${purpose}的端口 ${port}：1024 以下的端口只有 root 可以使用。请用 ${variable} 另选端口。`,
    processOfAnother: '其他用户的进程',
    portHolder: (pid: number, command: string) => `进程 ${pid}（“${command}”）`,
    purposes: {
      api: '接口与页面',
      temporal: 'Temporal ',
      temporalUi: 'Temporal 页面',
      postgres: 'PostgreSQL ',
    },
    missingProgram: (program: string, path: string) =>
      `“${path}”处没有 ${program}。请执行安装程序：node standalone/setup/first.cjs setup`,
    folderClosed: (folder: string, needed: string, user: string) =>
      `“${folder}”不允许其他用户进入，而用户“${user}”需要访问“${needed}”。` +
      `请执行：chmod o+x '${folder}'，或用 QIANYUN_HOME 指定可进入的目录。`,
    labNotEnded: (logPath: string, command: string) =>
      `实验环境的主机可能仍在运行：结束失败，详见“${logPath}”。请执行：${command}`,
    stateElsewhere: (variable: string) =>
      `--fresh 删除本目录自带服务器的数据，但 ${variable} 指向另一台服务器，其中的迁移和账号会保留。` +
      '请去掉 --fresh；如需重新开始，请指定空数据库和新的命名空间。',
    firstRunRefused: (path: string, status: number, detail: string) =>
      `接口“${path}”返回 ${status}：${detail} 请查看 API 日志，或用 --fresh 重新开始。`,
    postgresPasswordLost: (folder: string, secret: string) =>
      `“${folder}”中的数据库所用口令已丢失：没有凭据“${secret}”。请放回该凭据，或重新开始：npm start -- --fresh`,
    postgresNotMade: (folder: string, output: string) =>
      `initdb 未能在“${folder}”建立数据库。其输出：${output}`,
    databaseNotReachable: (host: string, reason: string) =>
      `DATABASE_URL 指定的数据库“${host}”无法登录（${reason}）。请启动该数据库、更正 DATABASE_URL，或取消该变量以使用自带数据库。`,
    databaseRefusesRole: (host: string, role: string, name: string, reason: string, secret: string) =>
      `DATABASE_URL 指定的数据库“${host}”不允许进程“${name}”以角色“${role}”登录（${reason}）。` +
      `请将其口令写入主目录的文件“own-secrets/${secret}”，或把该角色的口令改为文件中的口令。`,
    temporalNotReachable: (address: string, reason: string) =>
      `“${address}”没有 Temporal 服务器应答（${reason}）。请启动该服务器、更正 TEMPORAL_ADDRESS，或取消该变量以使用自带服务器。`,
    searchAttributesRefused: (address: string, namespace: string, reason: string, commands: string) =>
      `Temporal 服务器“${address}”未登记命名空间“${namespace}”的搜索属性（${reason}）。请由其管理员执行：${commands}`,
    namespaceNotFound: (address: string, namespace: string, command: string) =>
      `Temporal 服务器“${address}”没有命名空间“${namespace}”。请更正 TEMPORAL_NAMESPACE，或由其管理员建立：${command}`,
    folded: (systems: string) => `以下迁移的状态已按其事件重新计算，与此前不同：${systems}。`,
    databaseReady: (host: string) => `数据库 ${host} 已是最新结构，每个进程各有一个角色。`,
    accountUsage: `npm run account -- add ACCOUNT --role ROLE --organisation ORGANISATION [--name NAME] [--programme PROGRAMME] [--department DEPARTMENT]…
在服务器所在的机器上执行：生成令牌和签名密钥，建立一个账号（一个角色、一个单位）及同名的命令行上下文。
  --role        coordinator、owner、provider、vendor、operations 或 auditor
  --programme、--department   协调小组账号负责的范围；默认为本单位的统筹计划及其他计划未占用的所有部门`,
    accountAdded: (account: string, role: string, organisation: string) =>
      `“${account}”为“${organisation}”的账号，角色为${role}。`,
    accountFiles: (token: string, key: string) => `令牌和签名密钥（归本人保管）：${token}，${key}`,
    accountOfAnother: (account: string, role: string, organisation: string) =>
      `“${account}”已是“${organisation}”的账号，角色为${role}。请另取名称。`,
    accountNot: (problems: string) => `未建立账号：${problems}`,
  },
} as const

/** The language that `--lang` or the environment asks for. */
export const language = chooseLanguage(process.argv.slice(2), process.env)

/** What a start says, in that language. */
export const says = sentences[language]
