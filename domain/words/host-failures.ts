import { words } from './message.ts'

/** What goes wrong on hosts and between them. The places are public fields of the errors with these codes. */
export const hostFailures = words({
  'host-key-not-pinned': {
    en: 'No host key is pinned for "{host}" ({address}), and hosts are never trusted at first sight. Compare its fingerprint with `ssh-keygen -lf` on the host and approve it.',
    zh: '“{host}”（{address}）没有固定的主机密钥，首次连接不予信任。请在该主机上用 `ssh-keygen -lf` 核对指纹后批准。',
  },
  'wrong-host-key': {
    en: '"{host}" ({address}) showed the host key "{shown}", expected the pinned "{pinned}". Somebody may be in between: find out why the key changed, then approve the new one.',
    zh: '“{host}”（{address}）出示的主机密钥为“{shown}”，应为已固定的“{pinned}”。可能有人居间：请查明密钥变化的原因，再批准新密钥。',
  },
  'sudo-slow': {
    en: 'Steps of a switch would stand still for sudo. {problems:sentences} Where nothing can be done about it, put a waiver of the rule into the next plan: those steps then take as long as it does, each time.',
    zh: '割接步骤会因 sudo 而停顿。{problems:sentences}如无法解决，请在下一份计划中写入该规则的豁免：届时这些步骤每次都会等待同样长的时间。',
  },
  'sudo-slow-on': {
    en: 'On "{host}" sudo took {tookMs} ms for a command that does nothing, three times, expected 3000 at most: {because}. Mend that, then run this again (rule "sudo-slow", object "{object}").',
    zh: '在“{host}”上，sudo 执行一条空命令用了 {tookMs} 毫秒（已试三次），至多应为 3000：{because}。请修正后重新执行（规则“sudo-slow”，对象“{object}”）。',
  },
  'sudo-unended-on': {
    en: 'On "{host}" sudo had not run a command that does nothing after {tookMs} ms, and was given up: {because}. Mend that, then run this again (rule "sudo-slow", object "{object}").',
    zh: '在“{host}”上，sudo 在 {tookMs} 毫秒后仍未执行一条空命令，已放弃：{because}。请修正后重新执行（规则“sudo-slow”，对象“{object}”）。',
  },
  'sudo-waits-for-name': {
    en: 'it waits for the resolution of the host\'s own name "{name}" ({tookMs} ms); write the name into /etc/hosts there, or mend the name servers in /etc/resolv.conf',
    zh: '它在等待解析本机名称“{name}”（{tookMs} 毫秒）；请将该名称写入该主机的 /etc/hosts，或修正 /etc/resolv.conf 中的域名服务器',
  },
  'sudo-waits-for-other': {
    en: 'it waits for something else than the name of the host; look at what /etc/pam.d/sudo, /etc/nsswitch.conf (sudoers, passwd) and the log of the host name: a directory server that does not answer, a module that sleeps',
    zh: '它等待的不是本机名称的解析；请查看该主机的 /etc/pam.d/sudo、/etc/nsswitch.conf（sudoers、passwd）及其日志：可能是没有应答的目录服务器，或有等待的模块',
  },
  'host-key-differs': {
    en: 'The host "{host}" shows the key "{found}", where the plan has "{expected}". Find out which is right before anything is trusted: correct the host or the address and retry, or abort and launch a plan with the right key.',
    zh: '主机“{host}”出示的密钥为“{found}”，而计划中为“{expected}”。在信任之前请查明哪一个正确：改正主机或地址后重试，或中止并用正确密钥的计划重新发起。',
  },
  'host-unreachable': {
    en: '"{host}" cannot be reached at {address}:{port} ({reason}), expected an SSH server there. Check the address, the port and the firewall between.',
    zh: '无法在 {address}:{port} 连接“{host}”（{reason}），该处应有 SSH 服务。请检查地址、端口和其间的防火墙。',
  },
  'connect-timeout': {
    en: '"{host}" at {address}:{port} did not finish the SSH handshake within {timeoutMs} ms. Check that an SSH server listens there and that the host is not overloaded.',
    zh: '“{host}”（{address}:{port}）未在 {timeoutMs} 毫秒内完成 SSH 握手。请确认该处有 SSH 服务，且主机没有过载。',
  },
  'ssh-handshake-failed': {
    en: 'The SSH handshake with "{host}" at {address}:{port} failed: {reason}. Check the server\'s version and its log.',
    zh: '与“{host}”（{address}:{port}）的 SSH 握手失败：{reason}。请检查服务器版本及其日志。',
  },
  'login-refused': {
    en: '"{host}" ({address}) refused the login of "{user}" by key. Check that the public key is in that user\'s authorized_keys and that the user may log in.',
    zh: '“{host}”（{address}）拒绝“{user}”用密钥登录。请确认公钥在该用户的 authorized_keys 中，且允许其登录。',
  },
  'sudo-password-refused': {
    en: 'sudo on "{host}" does not take the password of "{user}": "{output}". Check the secret named by "sudoSecret", and that the user may use sudo there.',
    zh: '“{host}”上的 sudo 不接受“{user}”的口令：“{output}”。请核对“sudoSecret”所指的密钥，并确认该用户在该主机上可使用 sudo。',
  },
  'unusable-private-key': {
    en: 'The private key for "{host}" cannot be read as an OpenSSH private key without passphrase. Store such a key (ssh-keygen -t ed25519 -N \'\').',
    zh: "“{host}”的私钥不是无口令的 OpenSSH 私钥。请保存这样的密钥（ssh-keygen -t ed25519 -N ''）。",
  },
  'command-failed': {
    en: 'A command on "{host}" ended with exit code {exitCode}, expected {expected}[?: "{output}"].[? {hint}] Run it by hand on the host to see more: {command}',
    zh: '“{host}”上的命令以退出码 {exitCode} 结束，应为 {expected}[?：“{output}”]。[?{hint}]请在主机上手工执行以查看详情：{command}',
  },
  'command-not-permitted': {
    en: 'Only the owner or root may do this, and nobody may where a file or its folder is immutable (i) or append-only (a): "lsattr -d PATH" shows these attributes, "chattr -i -a PATH" takes them away.',
    zh: '只有属主或 root 可以执行；如文件或其目录带有不可更改（i）或只可追加（a）属性，则任何人都不能：“lsattr -d 路径”可查看，“chattr -i -a 路径”可去除。',
  },
  'command-needs-sudo-password': {
    en: 'sudo asks for a password there: let the login user use it without one, or put the password in a secret and name it as "sudoSecret" of the host in the plan.',
    zh: '该主机的 sudo 需要口令：请允许登录用户免密使用，或将口令存为密钥，并在计划中该主机的“sudoSecret”写明其名称。',
  },
  'command-timeout': {
    en: 'A command on "{host}" did not end within {timeoutMs} ms and was killed: {command}. Allow it more time, or find out what it waits for.',
    zh: '“{host}”上的命令未在 {timeoutMs} 毫秒内结束，已被终止：{command}。请给予更多时间，或查明它在等待什么。',
  },
  'command-aborted': {
    en: 'A command on "{host}" was given up and killed: {command}. Look at the host before going on.',
    zh: '“{host}”上的命令已放弃并终止：{command}。请先查看该主机再继续。',
  },
  'output-limit': {
    en: 'A command on "{host}" printed more than {limitBytes} bytes and was killed: {command}. Let it print less, or write to a file.',
    zh: '“{host}”上的命令输出超过 {limitBytes} 字节，已被终止：{command}。请减少输出，或写入文件。',
  },
  'connection-lost': {
    en: 'The connection to "{host}" broke while a command ran; whether it finished is not known: {command}. The step is looked at again before anything is repeated.',
    zh: '命令执行期间与“{host}”的连接中断，不知其是否完成：{command}。重复之前会先重新查看该步骤。',
  },
  'command-not-started': {
    en: '"{host}" did not start a command ({reason}); nothing ran. Check MaxSessions in its sshd_config and try again.',
    zh: '“{host}”没有启动命令（{reason}），没有执行任何操作。请检查其 sshd_config 中的 MaxSessions 后重试。',
  },
  'login-shell-unusable': {
    en: 'The login shell of "{host}" ended with exit code {exitCode} before a command began[?: "{output}"], expected a POSIX shell (sh, bash, dash, ksh or zsh) that runs the command and leaves its output alone. Give the login user such a shell (chsh -s /bin/sh), and take "exit", "exec" and redirections out of what it reads for commands (.bashrc, .zshenv, sshrc, ForceCommand).',
    zh: '“{host}”的登录 shell 在命令开始之前即以退出码 {exitCode} 结束[?：“{output}”]，应为会执行命令且不改动其输出的 POSIX shell（sh、bash、dash、ksh 或 zsh）。请为登录用户设置这样的 shell（chsh -s /bin/sh），并去掉其执行命令时读取的文件（.bashrc、.zshenv、sshrc、ForceCommand）中的 exit、exec 和重定向。',
  },
  'sync-failed': {
    en: 'Synchronising files from "{from}" to "{to}" failed: {because} (rsync ended with {fromCode} on "{from}" and {toCode} on "{to}"[?: "{output}"]).',
    zh: '从“{from}”到“{to}”同步文件失败：{because}（rsync 在“{from}”以 {fromCode}、在“{to}”以 {toCode} 结束[?：“{output}”]）。',
  },
  'file-type-changed': {
    en: '"{paths}" is a folder with content on "{to}" and something else (a link or a file) on "{from}", and nothing may be removed. Look at what is in it; then move it aside on "{to}", or let a step with "delete: true" replace it. What a link leads to outside the folder has to be carried by itself.',
    zh: '“{paths}”在“{to}”上是有内容的文件夹，在“{from}”上却是链接或文件，而此处不得删除。请查看其中内容，然后在“{to}”上将其移走，或用带“delete: true”的步骤替换。链接指向文件夹之外的内容须另行传送。',
  },
  'files-many-gone': {
    en: 'Of {carried} entries that were carried from "{fromPath}" on "{from}" to "{toPath}" on "{to}", {gone} are no longer on "{from}", and would be moved out of the folder on "{to}". A disk below the folder that is not mounted looks like this. See that everything is mounted there, then retry; where somebody has removed them, run the step once with "gone: keep".',
    zh: '从“{from}”的“{fromPath}”带到“{to}”的“{toPath}”的 {carried} 个条目中，有 {gone} 个在“{from}”上已不存在，“{to}”上的副本将被移出该目录。目录下的磁盘未挂载时就是这种情形。请确认那里的磁盘都已挂载后重试；若确实是有人删除的，请以“gone: keep”执行一次该步骤。',
  },
  'files-source-empty': {
    en: '"{fromPath}" on "{from}" is empty, and {removed} entries of "{toPath}" on "{to}" would be removed; nothing was removed. Mount the disk that belongs at "{fromPath}", or correct the path, then run the step again. If the files are meant to go, remove them on "{to}" by hand.',
    zh: '“{from}”上的“{fromPath}”是空的，而“{to}”上“{toPath}”的 {removed} 个条目将被删除；尚未删除任何内容。请挂载应在“{fromPath}”的磁盘，或改正路径，然后重新执行该步骤。若确实要删除这些文件，请在“{to}”上手动删除。',
  },
  'files-too-few-inodes': {
    en: 'The file system of "{toPath}" on "{to}" has {free} inodes left ("df -i"), and {needed} files and folders are to be made there, expected as many at least; nothing was copied. Remove files there, or use a file system with more inodes, then run the step again.',
    zh: '“{to}”上“{toPath}”所在的文件系统仅剩 {free} 个 inode（“df -i”），而将创建 {needed} 个文件和文件夹，至少应有同样多；尚未复制任何内容。请删除文件，或改用 inode 更多的文件系统，然后重新执行该步骤。',
  },
  'rsync-missing': {
    en: '"{host}" has no rsync that the login user can run, expected one on both hosts. Install it there (package rsync), then run the step again.',
    zh: '“{host}”上没有登录用户可运行的 rsync，两台主机都应安装。请在该处安装（软件包 rsync）后重新执行该步骤。',
  },
  'sync-no-rsync': {
    en: 'rsync is not installed on "{host}", or the login user cannot run it; install it there (package rsync), then run the step again',
    zh: '“{host}”上没有安装 rsync，或登录用户无法运行；请在该处安装（软件包 rsync）后重新执行该步骤',
  },
  'sync-denied': {
    en: 'the login user of "{host}" may not do this with "{path}" ({reason}); let it, or log in as a user who may',
    zh: '“{host}”的登录用户对“{path}”无此权限（{reason}）；请授权，或以有权限的用户登录',
  },
  'sync-not-permitted': {
    en: 'on "{host}" only the owner or root may do this with "{path}" ({reason}), and nobody may where it or its folder is immutable (i) or append-only (a): "lsattr -d" shows these attributes, "chattr -i -a" takes them away',
    zh: '在“{host}”上，只有属主或 root 可以对“{path}”这样做（{reason}）；如它或其目录带有不可更改（i）或只可追加（a）属性，则任何人都不能：“lsattr -d”可查看，“chattr -i -a”可去除',
  },
  'sync-not-there': {
    en: '"{path}" is not on "{host}" ({reason}); correct the path or mount the disk',
    zh: '“{host}”上没有“{path}”（{reason}）；请改正路径或挂载磁盘',
  },
  'sync-no-room': {
    en: 'there is no room left for "{path}" on "{host}" ({reason}); make room there, then run the step again: it goes on where it was',
    zh: '“{host}”上已没有空间存放“{path}”（{reason}）；请腾出空间后重新执行该步骤，将从中断处继续',
  },
  'sync-no-inodes': {
    en: 'the file system of "{path}" on "{host}" has no inodes left ({reason}), whatever room "df" shows ("df -i" shows inodes); remove files there, or use a file system with more of them, then run the step again: it goes on where it was',
    zh: '“{host}”上“{path}”所在的文件系统已没有可用的 inode（{reason}），无论“df”显示剩余多少空间（“df -i”显示 inode）；请删除文件，或改用 inode 更多的文件系统，然后重新执行该步骤，将从中断处继续',
  },
  'sync-disk-fails': {
    en: 'the disk of "{host}" refuses "{path}" ({reason}); mend or remount the file system',
    zh: '“{host}”的磁盘拒绝“{path}”（{reason}）；请修复或重新挂载文件系统',
  },
  'sync-path-refused': {
    en: '"{path}" cannot be on "{host}" as it is on the other side ({reason}); rename or move it aside',
    zh: '“{path}”无法在“{host}”上与另一侧相同（{reason}）；请改名或移走',
  },
  'sync-attribute-refused': {
    en: '"{host}" does not take an access control list or an extended attribute of "{path}" ({reason}); leave them out with "without: [acls, xattrs]", which the result will name, or use a file system that keeps them',
    zh: '“{host}”不接受“{path}”的访问控制列表或扩展属性（{reason}）；请用“without: [acls, xattrs]”略去（结果中会注明），或改用支持的文件系统',
  },
  'sync-killed': {
    en: 'rsync was ended by a signal on "{host}"; find out who did that (the kernel\'s log says when memory ran out), then run the step again',
    zh: '“{host}”上的 rsync 被信号终止；请查明原因（内存耗尽时内核日志有记录）后重新执行该步骤',
  },
  'sync-silent': {
    en: 'no bytes came for too long; look at the network and at the disks of both hosts',
    zh: '长时间没有数据传来；请检查网络和两台主机的磁盘',
  },
  'sync-no-memory': {
    en: 'rsync ran out of memory on "{host}"; synchronise parts of the folder one after another',
    zh: '“{host}”上的 rsync 内存不足；请分批同步该文件夹',
  },
  'sync-not-understood': {
    en: 'the two rsync did not understand each other; look at their versions (rsync --version), and at what the other one said',
    zh: '两端的 rsync 无法互通；请检查版本（rsync --version）以及另一端的输出',
  },
  'sync-partial': {
    en: 'rsync did not carry everything; its last words say what',
    zh: 'rsync 未能传送全部内容；原因见其最后输出',
  },
  'jobs-not-switchable': {
    en: 'Scheduled jobs of the system on "{host}" cannot be switched off, so they would run on both sides: "{jobs}". Log in there as root or allow "sudo -n", or make them jobs of the login user\'s crontab; name those that may run on both sides under "leave".',
    zh: '“{host}”上该系统的定时任务无法停用，将在两侧同时运行：“{jobs}”。请以 root 登录或允许“sudo -n”，或改为登录用户 crontab 中的任务；可在两侧同时运行的任务请列入“leave”。',
  },
  'file-changed': {
    en: '"{path}" on "{host}" was changed by somebody else after it was read; it was left as it is. Find out who writes it, then run the step again.',
    zh: '“{host}”上的“{path}”在读取之后被他人改动，已保持原样。请查明是谁在写入，再重新执行该步骤。',
  },
  'not-a-file': {
    en: '"{path}" on "{host}" is a folder or a device, expected a file or nothing. Correct the path, or take away what is there.',
    zh: '“{host}”上的“{path}”是文件夹或设备，应为文件或不存在。请改正路径，或移走该处内容。',
  },
  'wrong-kind-of-file': {
    en: '"{path}" on "{host}" is a "{found}", expected a "{expected}" or nothing. Correct the path, or take it away by a step with "state: absent" first.',
    zh: '“{host}”上的“{path}”是“{found}”，应为“{expected}”或不存在。请改正路径，或先用“state: absent”的步骤移走它。',
  },
  'no-package-manager': {
    en: '"{host}" has no package manager that is known here, expected one of {known}. Install the packages by a "command" or "task" step.',
    zh: '“{host}”没有可识别的软件包管理器（应为 {known} 之一）。请用“command”或“task”步骤安装软件包。',
  },
  'http-check-failed': {
    en: '"{url}" did not answer as expected (attempts: {attempts}): {finding}. Look at the service behind it, then run the step again.',
    zh: '“{url}”未按预期应答（尝试 {attempts} 次）：{finding}。请查看其背后的服务，再重新执行该步骤。',
  },
  'write-probe-failed': {
    en: '"{url}" {what}',
    zh: '“{url}”{what}',
  },
  'write-not-prepared': {
    en: 'did not answer a request that is made before the write, "{method} {path}": {finding}. Check "before" and the secrets of the write probe, and the application on the side that serves; then probe again or roll back.',
    zh: '没有应答写入之前的请求“{method} {path}”：{finding}。请检查写入探测的“before”及其机密，以及在用一侧的应用；然后再次探测，或回退。',
  },
  'write-not-taken': {
    en: 'did not take a write: {finding}. Look at the application and its database on the side that serves, then probe again or roll back.',
    zh: '没有接受写入：{finding}。请查看在用一侧的应用及其数据库，再次探测，或回退。',
  },
  'write-not-read-back': {
    en: 'acknowledged a write that could not be read back: {finding}. Treat the new side as not serving: roll back, or find out before users do.',
    zh: '确认了一次写入，却无法读回：{finding}。应视新侧为未在用：请回退，或在用户发现之前查明原因。',
  },
  'no-write-probe': {
    en: 'No application of the plan has a "writeProbe", and nothing proves that the new side takes writes.',
    zh: '计划中没有任何应用设有“writeProbe”，无法证明新侧能够写入。',
  },
  'unexpected-rsync-option': {
    en: 'The rsync of "{host}" asks for the option "{option}" on the other side, which was not asked for. It may be of an unknown version, or not rsync at all: look at it before going on.',
    zh: '“{host}”的 rsync 要求对侧使用选项“{option}”，而这并未被要求。它可能版本不明，或根本不是 rsync：请先查看再继续。',
  },
  'files-not-flat': {
    en: 'After {passes} passes {changes} entries still had to be changed[? and {differing} differ by checksum], expected none. Stop what writes to the files, or allow more passes.',
    zh: '经过 {passes} 遍后仍有 {changes} 项需要更新[?，{differing} 项校验不符]，应为零。请停止对文件的写入，或允许更多遍。',
  },
  'not-wiped': {
    en: 'Still there after the removal: "{left}". Find out what keeps or makes it anew, then run the step again.',
    zh: '清除之后仍然存在：“{left}”。请查明是什么保留或重建了它，再重新执行该步骤。',
  },
  'path-too-shallow': {
    en: '"{path}" leads to "{place}", expected a place at least two levels below the root. Name the folders below it that belong to the system.',
    zh: '“{path}”指向“{place}”，应至少位于根目录下两级。请指明其下属于该系统的文件夹。',
  },
  'nothing-to-wipe': {
    en: 'Below "{paths}" there is no file, expected at least one. Correct the paths or mount the disk; where they are empty rightly, say so with "mayBeEmpty: true".',
    zh: '“{paths}”之下没有文件，至少应有一个。请改正路径或挂载磁盘；如确实为空，请用“mayBeEmpty: true”说明。',
  },
  'step-timeout': {
    en: 'The step "{stepId}" did not end within {timeoutMs} ms and was stopped. Find out what it waited for, or give it a longer "timeout".',
    zh: '步骤“{stepId}”未在 {timeoutMs} 毫秒内结束，已被停止。请查明它在等待什么，或设置更长的“timeout”。',
  },
  'step-interrupted': {
    en: 'The step "{stepId}" ({kind}) was interrupted and its outcome is unknown. Look at the host; then retry the step to run it again, or skip it with a reason.',
    zh: '步骤“{stepId}”（{kind}）在执行中被打断，结果不明。请查看主机，再重试以重新执行，或说明理由后跳过。',
  },
  'assertion-failed': {
    en: '[?{explanation}: ]"{broken}" does not hold[?, found {facts}]. Put it right and retry the step.',
    zh: '[?{explanation}：]条件“{broken}”不成立[?，查得 {facts}]。请纠正后重试该步骤。',
  },
  'load-generator-failed': {
    en: 'The load generator failed: {reason}. Run the load test again.',
    zh: '压测程序失败：{reason}。请重新进行压力测试。',
  },
  'playbook-changed': {
    en: 'The playbook "{playbook}" is no longer what was frozen: [?{files}; ]its digest is "{found}", expected "{expected}". Put the frozen files back, or make a new plan.',
    zh: '剧本“{playbook}”与冻结时不一致：[?{files}；]摘要为“{found}”，应为“{expected}”。请恢复冻结的文件，或另建计划。',
  },
  'unknown-secret': {
    en: 'There is no secret "{secretName}". Write it to "{path}" (mode 0600) or set {variable}.',
    zh: '没有凭据“{secretName}”。请将其写入“{path}”（权限 0600），或设置 {variable}。',
  },
  'invalid-secret-name': {
    en: '"{secretName}" is not a name for a secret: lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit. Rename it.',
    zh: '“{secretName}”不能作为凭据名称：只能含小写字母、数字、点、短横线和下划线，并以字母或数字开头。请改名。',
  },
  'invalid-secret-binding': {
    en: '"{path}" does not say what its secret is for: {problems}. Write it anew with "qianyun secret bind".',
    zh: '“{path}”没有说明其凭据的用途：{problems}。请用“qianyun secret bind”重新写入。',
  },
  'secret-not-bound': {
    en: 'Nobody has said what the secret "{secretName}" is for, so it is not used for "{system}" ({purpose}) at "{address}". On the machine that keeps it, run: qianyun secret bind {secretName} --organisation ORGANISATION --system {system} --purpose {purpose} --address {address}.',
    zh: '没有人说明凭据“{secretName}”的用途，因此不会用于“{system}”（{purpose}，{address}）。请在保存该凭据的机器上执行：qianyun secret bind {secretName} --organisation ORGANISATION --system {system} --purpose {purpose} --address {address}。',
  },
  'secret-not-for-this': {
    en: 'The secret "{secretName}" was not put there for "{system}" ({purpose}, at "{address}") and the organisations of its plan. Name the secret that was, or have the people who keep it bind it with "qianyun secret bind".',
    zh: '凭据“{secretName}”不是为“{system}”（{purpose}，{address}）及其计划的各单位准备的。请在计划中写上正确的凭据，或请保管人员用“qianyun secret bind”说明用途。',
  },
  'secret-address-not-approved': {
    en: 'The secret "{secretName}" of "{system}" ({purpose}) may not be used at "{address}". Have an owner or provider of "{organisations}" look at the address and approve it with: qianyun secret approve {secretName} --system {system} --purpose {purpose} --address {address} --reason REASON.',
    zh: '“{system}”的凭据“{secretName}”（{purpose}）不得用于“{address}”。请由“{organisations}”的所属部门或云服务商账号核对该地址后批准：qianyun secret approve {secretName} --system {system} --purpose {purpose} --address {address} --reason REASON。',
  },
  'service-unknown': {
    en: 'The host "{host}" has no service "{service}" ({supervisor}), which is to be started there later. Deploy the application on it, then run the step again.',
    zh: '主机“{host}”上没有服务“{service}”（{supervisor}），而稍后要在该处启动它。请先在其上部署应用，再重新执行该步骤。',
  },
  'own-place': {
    en: '"{place}" is the product\'s own {what:ownPlace}, which no plan works on. Name the place of the system that moves.',
    zh: '“{place}”是本产品自己的{what:ownPlace}，任何计划都不得以其为对象。请填写被迁移系统的位置。',
  },
  'secret-exposed': {
    en: 'The secret "{secretName}" can be read by other users (mode {mode}, expected 0600). Run: chmod 600 \'{path}\', and change the secret if somebody may have seen it.',
    zh: "凭据“{secretName}”可被其他用户读取（权限 {mode}，应为 0600）。请执行：chmod 600 '{path}'；如可能已被他人看到，请更换该凭据。",
  },
})
