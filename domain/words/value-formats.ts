import { words } from './message.ts'

/**
 * What a schema wants of one value, as its checks say it (`wanted`). No text has a place: zod hands the English on, and the
 * code is found again by it.
 */
export const valueFormats = words({
  'lower-case-name': {
    en: 'must be lower case letters, digits and inner hyphens, at most 63 characters',
    zh: '应由小写字母、数字和中间的连字符组成，最多 63 个字符',
  },
  'dataset-reference': {
    en: 'must be a name of a side, such as "from", or of a dataset and a side, such as "orders@from"',
    zh: '应为一侧的名称，如“from”，或数据集与一侧的名称，如“orders@from”',
  },
  'zone-name': {
    en: 'must be lower-case letters, digits and dashes',
    zh: '应由小写字母、数字和连字符组成',
  },
  'context-name': {
    en: 'must be lower-case letters, digits, dots, dashes and underscores',
    zh: '应由小写字母、数字、点、连字符和下划线组成',
  },
  'name-of-secret': {
    en: 'must be the name of a secret: lower case letters, digits, hyphens',
    zh: '应为凭据名称：小写字母、数字、连字符',
  },
  'name-of-database': {
    en: 'must be a name of at most 63 letters, digits, "_", "-" and "."',
    zh: '应为最多 63 个字符的名称：字母、数字、“_”、“-”和“.”',
  },
  'path-of-url': {
    en: 'must be a path such as "/health", without a second "/" at its beginning, spaces, backslashes and line breaks',
    zh: '应为“/health”这样的路径，开头不得有第二个“/”，且不含空格、反斜杠和换行',
  },
  'folder-of-system': {
    en: 'must be a folder of the system that moves, at least two levels deep, and none of the operating system',
    zh: '应为被迁移系统自己的目录，至少两级，且不属于操作系统',
  },
  'file-of-system': {
    en: 'must be a file of the system that moves, in a folder other than "/" and below none of /boot, /dev, /proc, /run, /sys',
    zh: '应为被迁移系统自己的文件，不得直接位于“/”下，也不得位于 /boot、/dev、/proc、/run、/sys 之下',
  },
  'one-line-text': {
    en: 'must be one line, without control characters',
    zh: '应为一行，且不含控制字符',
  },
  'not-the-administrator': {
    en: 'accounts of the application, none of which is the administrator',
    zh: '应用的账户，不能是管理账户',
  },
  'name-in-certificate': {
    en: 'the name in the certificate of the server, where its address is a number',
    zh: '地址为数字时，须填写服务器证书中的名称',
  },
  'name-of-role': {
    en: 'must be the name of a role, at most 63 characters, none of them a control character',
    zh: '应为角色名称，最多 63 个字符，不含控制字符',
  },
  'name-of-user': { en: 'must be a unix user name', zh: '应为 Unix 用户名' },
  'user-of-service': { en: 'must be a user', zh: '应为用户名' },
  'user-and-group': { en: 'must be a user, or user:group', zh: '应为“用户”或“用户:组”' },
  'name-of-setting': { en: 'must be the name of a setting', zh: '应为配置项名称' },
  'name-of-variable': { en: 'must be the name of a variable', zh: '应为变量名' },
  'name-of-shell-variable': { en: 'must be the name of a shell variable', zh: '应为 shell 变量名' },
  'name-of-fact': { en: 'must be a name', zh: '应为名称' },
  'name-of-package': { en: 'must be the name of a package', zh: '应为软件包名称' },
  'name-of-service': { en: 'must be the name of a service', zh: '应为服务名称' },
  'name-of-server-line': { en: 'must be the name of a server', zh: '应为服务器行的名称' },
  'name-of-backend': {
    en: 'must be the name of a backend or upstream',
    zh: '应为 backend 或 upstream 的名称',
  },
  'package-version': {
    en: 'must be a version as the package manager writes it',
    zh: '应为软件包管理器所写的版本号',
  },
  'host-or-address': { en: 'must be a host name or an IP address', zh: '应为主机名或 IP 地址' },
  'host-and-port': { en: 'must be host:port', zh: '应为“主机:端口”' },
  'address-and-port': {
    en: 'must be an address with a port: 10.1.2.3:8080',
    zh: '应为带端口的地址，如 10.1.2.3:8080',
  },
  'port-number': { en: 'must be a port number', zh: '应为端口号' },
  'port-in-range': { en: 'must be a port number from 1 to 65535', zh: '应为 1 至 65535 的端口号' },
  'number-of-days': { en: 'must be a number of days from 1 to 9999', zh: '应为 1 至 9999 的天数' },
  'true-or-false': { en: 'must be "true" or "false"', zh: '应为“true”或“false”' },
  'http-url': { en: 'must be an http or https URL', zh: '应为 http 或 https 网址' },
  'database-url': {
    en: 'must be a URL such as "postgres://user:password@host:5432/database"',
    zh: '应为形如“postgres://user:password@host:5432/database”的网址',
  },
  'key-fingerprint': {
    en: 'must be a host key fingerprint as ssh-keygen -lf prints it: SHA256:…',
    zh: '应为 ssh-keygen -lf 输出的主机密钥指纹：SHA256:…',
  },
  'hex-digest': { en: 'must be a SHA-256 digest in hex', zh: '应为十六进制的 SHA-256 摘要' },
  'key-id': { en: 'must be a key id: 16 hex digits', zh: '应为密钥编号：16 位十六进制数' },
  'base64-signature': {
    en: 'must be an Ed25519 signature in base64: 88 characters',
    zh: '应为 base64 的 Ed25519 签名：88 个字符',
  },
  'id-of-move': {
    en: 'must be the id of a move: lower case letters, digits and hyphens',
    zh: '应为迁移编号：小写字母、数字和连字符',
  },
  'id-of-task': {
    en: 'must be the id of a task: lower case letters, digits, hyphens',
    zh: '应为事项编号：小写字母、数字、连字符',
  },
  'id-of-playbook-run': { en: 'must be the id of a playbook run', zh: '应为剧本运行编号' },
  'id-not-of-move': {
    en: 'must not end in a hyphen and a number, as the ids of moves do; write "oa-phase2" or "oa2" for "oa-2"',
    zh: '不能以连字符加数字结尾（那是迁移编号的形式）；“oa-2”请写成“oa-phase2”或“oa2”',
  },
  'request-key': {
    en: 'must be 8 to 100 letters, digits, dots, colons, dashes or underscores',
    zh: '应为 8 至 100 个字母、数字、点、冒号、连字符或下划线',
  },
  'file-name': {
    en: 'must be a file name of 1 to 200 characters, without slashes, by ?name= or the X-Evidence-Name header',
    zh: '应为 1 至 200 个字符、不含斜线的文件名，由 ?name= 或 X-Evidence-Name 头给出',
  },
  'time-with-zone': {
    en: 'must be a time with its zone, such as 2026-11-30T22:00:00+08:00',
    zh: '应为带时区的时间，如 2026-11-30T22:00:00+08:00',
  },
  'time-of-day': {
    en: 'must be a time of day such as "08:30", at most "24:00"',
    zh: '应为一天中的时刻，如“08:30”，最大为“24:00”',
  },
  'time-zone-name': {
    en: 'must be an IANA time zone such as "Asia/Shanghai"',
    zh: '应为 IANA 时区，如“Asia/Shanghai”',
  },
  'duration-text': {
    en: 'must be a duration such as 200ms, 30s, 5m, 2h or 1h30m',
    zh: '应为时长，如 200ms、30s、5m、2h 或 1h30m',
  },
  'path-absolute': {
    en: 'must be an absolute path without control characters',
    zh: '应为绝对路径，且不含控制字符',
  },
  'path-deep': { en: 'must be an absolute path at least two levels deep', zh: '应为至少两级的绝对路径' },
  'path-without-parent': { en: 'must not contain ".."', zh: '不能含有“..”' },
  'path-without-slash': { en: 'must not end in "/"', zh: '不能以“/”结尾' },
  'path-in-playbook': {
    en: 'must be a path inside the folder of the playbook, of letters, digits, ".", "_" and "-", each name beginning with a letter or digit',
    zh: '应为剧本文件夹内的路径，由字母、数字、“.”、“_”和“-”组成，每段以字母或数字开头',
  },
  'octal-mode': { en: 'must be an octal mode such as "0640"', zh: '应为八进制权限，如“0640”' },
  'octal-umask': { en: 'must be a umask such as "027"', zh: '应为 umask，如“027”' },
  'one-line': { en: 'must be one line', zh: '应为一行' },
  'four-characters': { en: 'must have at least four characters', zh: '至少四个字符' },
  'crontab-schedule': {
    en: 'must be five fields of a crontab, or a word such as "@daily"',
    zh: '应为 crontab 的五个字段，或“@daily”之类的词',
  },
  'percent-escaped': {
    en: 'must have "\\%" for each "%": in a crontab "%" ends the command',
    zh: '中的每个“%”应写作“\\%”：在 crontab 中“%”会截断命令',
  },
  'names-what-was-written': {
    en: 'must name what was written in braces, as with "unique", where what it contains does not',
    zh: '应以花括号指明所写的内容，如“unique”；除非其应包含的内容已指明',
  },
  'name-of-value': {
    en: 'must be a name of letters, digits and "_", beginning with a letter',
    zh: '应为以字母开头、由字母、数字和“_”组成的名称',
  },
  'header-name': {
    en: 'must be the name of a header line, such as "Authorization"',
    zh: '应为请求头名称，如“Authorization”',
  },
  'no-host-beside-secrets': {
    en: 'must leave out "Host" and its like where secrets are sent: behind one address another host may be somebody else\'s',
    zh: '发送机密时不得写明“Host”一类的请求头：同一地址之后的其他主机可能属于他人',
  },
  'header-text': {
    en: 'must be one line without control characters',
    zh: '应为一行，且不含控制字符',
  },
  'says-why': {
    en: 'must say why, in at least 2 letters or characters',
    zh: '应说明原因，至少两个字',
  },
  'says-what': {
    en: 'must say what is declared, in at least 2 letters or characters',
    zh: '应写明所声明的内容，至少两个字',
  },
  'says-what-was-done': { en: 'must say what was done', zh: '应说明所做的事' },
  'managed-version': {
    en: 'must be 16 or newer: into a managed service of PostgreSQL 15 and older nothing is moved online, since nobody but a superuser subscribes there. Order a newer instance, or move it cold: as a dataset of the family "commands" with pg_dump and pg_restore, or as a tracked plan',
    zh: '应为 16 或更新：PostgreSQL 15 及更早的托管服务中只有超级用户能够订阅，无法在线迁入。请选用更新的实例，或停机迁移：以数据族“commands”的数据集使用 pg_dump 和 pg_restore，或另行迁移',
  },
  'plan-version': {
    en: 'must be 2, or left out in a plan of version 1; write the plan as one of them',
    zh: '应为 2；第 1 版计划不写此项。请按其中一种书写计划',
  },
  'argv-or-script': { en: 'must have either "argv" or "script"', zh: '应有“argv”或“script”之一' },
  'host-of-facts': { en: 'must be given to look at facts there', zh: '要查看主机上的事实，必须给出' },
  'database-or-paths': { en: 'must have "database" or "paths"', zh: '应有“database”或“paths”' },
  'shorter-than-deadline': { en: 'must be shorter than deadlineMs', zh: '应短于 deadlineMs' },
  'more-addresses-than-lines': {
    en: 'has more addresses than there are server lines; name a line for each in "servers"',
    zh: '的地址多于服务器行；请在“servers”中为每个地址写一行',
  },
  'defines-job-left-as-is': {
    en: 'has a job that "leave" says is left as it is',
    zh: '含有“leave”声明保持原样的任务',
  },
  'name-given-twice': { en: 'gives a name twice', zh: '有重复的名称' },
  'client-certificate-and-key': {
    en: 'is missing: a client certificate and its key go together',
    zh: '缺失：客户端证书与其密钥必须同时给出',
  },
})
