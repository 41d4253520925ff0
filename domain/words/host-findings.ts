import { words } from './message.ts'

/** What the assessment finds on a host; `remedy-…` is what to do about it. */
export const hostFindings = words({
  'topic-unknown': {
    en: '"{topic}" of host "{host}" could not be looked at: {reason}',
    zh: '主机“{host}”的“{topic}”未能查明：{reason}',
  },
  'remedy-topic-unknown': {
    en: 'Remove the reason and assess again, or let a person look.',
    zh: '排除原因后重新评估，或由人工核实。',
  },
  'os-unknown': {
    en: 'The operating system of host "{host}" was not recognised.',
    zh: '主机“{host}”的操作系统无法识别。',
  },
  'remedy-os-unknown': {
    en: 'Let a person find out system and version.',
    zh: '人工核实操作系统及其版本。',
  },
  'os-end-of-life': {
    en: 'Host "{host}" runs {system}, whose support ended on {date}.',
    zh: '主机“{host}”运行 {system}，其支持已于 {date} 终止。',
  },
  'remedy-os-end-of-life': {
    en: 'Take a supported release on the target and adapt the system to it.',
    zh: '目标主机采用受支持的版本，并在其上完成适应性改造。',
  },
  'runtime-end-of-life': {
    en: 'The application declares {runtime}, whose support ended on {date} ({sources}).',
    zh: '应用声明使用 {runtime}，其支持已于 {date} 终止（{sources}）。',
  },
  'remedy-runtime-end-of-life': {
    en: 'Move to a supported runtime and prove it on staging.',
    zh: '升级到受支持的运行环境，并在测试平台验证。',
  },
  'hard-coded-address': {
    en: '"{file}" has IP addresses written into it (line {places}).',
    zh: '“{file}”中写死了 IP 地址（行 {places}）。',
  },
  'hard-coded-path': {
    en: '"{file}" has absolute paths written into it (line {places}).',
    zh: '“{file}”中写死了绝对路径（行 {places}）。',
  },
  'remedy-address-in-configuration': {
    en: 'Make it a name, or a parameter that the deployment fills in.',
    zh: '改为域名或由部署剧本填写的参数。',
  },
  'remedy-path-in-configuration': {
    en: 'Make it a parameter that the deployment fills in.',
    zh: '改为由部署剧本填写的参数。',
  },
  'remedy-hard-coded-in-code': {
    en: 'Let the vendor change the code to read it from configuration.',
    zh: '由承建厂商修改代码，改从配置读取。',
  },
  'disk-nearly-full': {
    en: '"{mount}" on host "{host}" is {percent} % full.',
    zh: '主机“{host}”的“{mount}”已使用 {percent}%。',
  },
  'remedy-disk-nearly-full': {
    en: 'Make room: the old database keeps its log for the new side while they replicate.',
    zh: '清理或扩容：复制期间旧侧保留的日志需要空间。',
  },
  'certificate-ends': {
    en: 'A certificate that "{url}" shows ends on {date}, in {days} days: before the retention of the move is over, or within 30 days.',
    zh: '“{url}”出示的证书将于 {date} 到期（还有 {days} 天）：早于本迁移保留期结束，或在 30 天之内。',
  },
  'certificate-ended': {
    en: 'A certificate that "{url}" shows ended on {date}.',
    zh: '“{url}”出示的证书已于 {date} 到期。',
  },
  'remedy-certificate-ends': {
    en: 'Renew it, and find out what renews it: an account, a scheduled job or an answer that lies on the old host has to be set up on the side that takes over.',
    zh: '请更新证书，并查明由什么续期：若账号、定时任务或验证应答位于旧主机，须在接替一侧重新设置。',
  },
  'entry-cuts-idle-connections': {
    en: 'Each switch reloads the proxy of "{url}" on "{host}": {because}.',
    zh: '每次切换都会重新加载“{host}”上“{url}”的代理：{because}。',
  },
  'remedy-entry-cuts-idle-connections': {
    en: 'Set it and reload the proxy in a quiet hour before the window; that reload is the last one that cuts connections. Clients that repeat a request whose connection was closed, as browsers do with GET, notice nothing either way.',
    zh: '请在窗口之前的空闲时段设置并重新加载代理；该次重新加载是最后一次切断连接。会重发请求的客户端（如浏览器的 GET）均不受影响。',
  },
  'certificate-unknown': {
    en: 'When the certificate of "{url}" ends is unknown: {because}.',
    zh: '“{url}”的证书何时到期未知：{because}。',
  },
  'remedy-certificate-unknown': {
    en: 'Where something in front of it serves https, find out there when the certificate ends and what renews it.',
    zh: '如其前方另有设备提供 https，请在该处查明证书何时到期、由什么续期。',
  },
  'certificate-not-https': { en: 'the address is not https', zh: '该地址不是 https' },
  'scheduled-job': {
    en: 'A scheduled job ({source}, {schedule}): {command}',
    zh: '定时任务（{source}，{schedule}）：{command}',
  },
  'remedy-scheduled-job': {
    en: 'Deploy it with the system, and let it run only on the side that serves.',
    zh: '随系统一并部署，割接时只在服务的一侧运行。',
  },
  'started-again': {
    en: '"{place}" on host "{host}" starts again what was stopped ({by}: {command}): if that is the application, it comes back on the side that was left.',
    zh: '主机“{host}”上的“{place}”会把已停止的程序重新启动（{by}：{command}）：如果那是本系统的应用，它会在被切走的一侧重新运行。',
  },
  'remedy-started-again': {
    en: 'Have it restart only what runs (systemctl try-restart), or take it away there as the application is stopped (monit unmonitor).',
    zh: '改为只重启正在运行的服务（systemctl try-restart），或在停止应用时一并取消（monit unmonitor）。',
  },
  'remedy-container-started-again': {
    en: 'Give the container "--restart=unless-stopped" (docker update): "always" brings one that was stopped back once docker or the host is started anew.',
    zh: '将该容器改为“--restart=unless-stopped”（docker update）：“always”会在 docker 或主机重新启动后恢复已停止的容器。',
  },
  'outgoing-connection': {
    en: 'Host "{host}" is connected to {peer} ({connections} connections[?, process "{process}"]).',
    zh: '主机“{host}”连接到 {peer}（{connections} 个连接[?，进程“{process}”]）。',
  },
  'remedy-outgoing-connection': {
    en: 'Make sure the target reaches it too, and record the dependency.',
    zh: '确认目标主机也能到达该地址，并登记依赖关系。',
  },
})
