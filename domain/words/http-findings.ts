import { words } from './message.ts'

/** What an answer over HTTP was found to be, inside the sentence of a check or a probe. */
export const httpFindings = words({
  'http-status': {
    en: 'the status is {status}, expected is {expected}',
    zh: '状态码为 {status}，应为 {expected}',
  },
  'http-status-2xx': {
    en: 'the status is {status}, expected is any from 200 to 299',
    zh: '状态码为 {status}，应为 200 至 299',
  },
  'http-status-signed-in': {
    en: 'the status is {status}, expected is any from 200 to 399',
    zh: '状态码为 {status}，应为 200 至 399',
  },
  'header-not-sendable': {
    en: 'Header line "{header}" cannot carry the value of "{value}": a line break, a control character or a character beyond Latin-1 is in it. Nothing was sent. Keep it without such characters, or encoded as the server takes it (base64, URL encoding), then run this again.',
    zh: '请求头“{header}”无法携带“{value}”的值：其中有换行、控制字符或 Latin-1 以外的字符。没有发送任何请求。请去掉这些字符，或按服务器接受的方式编码（base64、URL 编码）后重新存放，再重新执行。',
  },
  'http-lacks-value': {
    en: 'the answer has nothing to take as "{name}"',
    zh: '应答中没有可取作“{name}”的内容',
  },
  'http-body-lacks': {
    en: 'the body does not contain "{text}"[?; {body}]',
    zh: '内容中没有“{text}”[?；{body}]',
  },
  'http-expectation-unmet': {
    en: '"{expression}" is {found}; {body}',
    zh: '“{expression}”的结果为 {found}；{body}',
  },
  'http-expectation-fails': {
    en: '"{expression}" cannot be told: {reason}; {body}',
    zh: '“{expression}”无法判断：{reason}；{body}',
  },
  'http-body': {
    en: 'the body is {bytes} bytes of "{type}"[? with the keys {keys}]',
    zh: '内容为 {bytes} 字节，类型“{type}”[?，含键 {keys}]',
  },
  'http-at-address': {
    en: 'at {address}, one of the addresses of the name, {finding}',
    zh: '在该名称的地址之一 {address} 处，{finding}',
  },
  'endpoint-not-switchable': {
    en: 'The entry on "{host}" would not send all requests to the side that takes over: in "{configFile}", {problems}. Mend that, reload the proxy, then run the step again.',
    zh: '“{host}”上的入口切换后不会把全部请求送往接替一侧：在“{configFile}”中，{problems}。请修正并重新加载代理，再重新执行该步骤。',
  },
  'entry-not-ready': {
    en: 'The entry "{name}" is not ready for a switch. {problems:sentences} Where that is meant, put a waiver of the rule into the next plan.',
    zh: '入口“{name}”尚不能切换。{problems:sentences}如属有意，请在下一份计划中写入该规则的豁免。',
  },
  'name-leads-past-entry': {
    en: 'The name "{name}" leads to {address}, which is the host "{host}" of the application and not the proxy on "{entry}": users who come there stay with that host when the proxy is switched. Take the address out of the DNS records of the name (and of the hosts file of the runner) or replace it by that of the proxy, wait until the time to live of the records is over, then run this again (rule "name-leads-past-entry", object "{address}").',
    zh: '名称“{name}”指向 {address}，那是应用所在主机“{host}”，而不是“{entry}”上的代理：代理切换后，由此进入的用户仍停留在该主机。请从该名称的 DNS 记录（以及执行器的 hosts 文件）中去掉该地址，或改为代理的地址，等待记录的 TTL 过期后重新执行（规则“name-leads-past-entry”，对象“{address}”）。',
  },
  'entry-port-shared': {
    en: 'On "{entry}", {process} takes connections at {at} beside the service "{service}": a part of the users would come to it, and it would not be switched. Find out what it is; end it, or have it take other ports, then run this again (rule "entry-port-shared", object "{object}").',
    zh: '在“{entry}”上，{process}与服务“{service}”同时在 {at} 接受连接：部分用户会连到它，而它不会随之切换。请查明它是什么，将其结束或改用其他端口，然后重新执行（规则“entry-port-shared”，对象“{object}”）。',
  },
  'process-seen': {
    en: 'process {pid} of "{user}" (since {since}, "{command}")',
    zh: '“{user}”的进程 {pid}（自 {since} 起，“{command}”）',
  },
  'process-unseen': {
    en: 'a process that the login user cannot see',
    zh: '登录用户看不到的一个进程',
  },
  'proxy-old-process': {
    en: 'The proxy "{service}" on "{host}" was reloaded, and {process} still takes connections at {at} with what the configuration had before, after {waitedMs} ms: a part of the users stays with the side that was left. End it on the host (kill it, with -9 where it does not end), then run the step again.',
    zh: '“{host}”上的代理“{service}”已重新加载，但 {waitedMs} 毫秒后{process}仍按之前的配置在 {at} 接受连接：部分用户仍停留在被切走的一侧。请在该主机上将其结束（不退出时用 kill -9），再重新执行该步骤。',
  },
  'entry-kept-in': {
    en: 'SELinux enforces its rules on "{entry}", and keeps the service "{service}" (domain "{domain}") in: "{boolean}" is off, and port {port} of the side that takes over (label "{label}") is none that the proxy uses now[?; {denied}]. As root there, run: setsebool -P {boolean} on. Or label the port as one it may use (semanage port -a -t http_port_t -p tcp {port}); then run this again (rule "entry-kept-in", object "{object}").',
    zh: '“{entry}”上的 SELinux 处于强制模式，限制了服务“{service}”（域“{domain}”）：“{boolean}”未开启，而接替一侧的端口 {port}（标签“{label}”）不属于该代理目前使用的端口[?；{denied}]。请在该主机以 root 执行：setsebool -P {boolean} on；或为该端口设置允许的标签（semanage port -a -t http_port_t -p tcp {port}），然后重新执行（规则“entry-kept-in”，对象“{object}”）。',
  },
  'entry-floats': {
    en: 'On "{entry}", {programs} moves addresses to another host: the proxy there is none that a switch points, and once the address moves, users are at the side that was left. List that host as an entry of the plan as well, so that both are switched; then waive this (rule "entry-floats", object "{object}").',
    zh: '“{entry}”上运行着 {programs}，它会把地址移到另一台主机：那里的代理不在切换之列，地址移过去之后，用户到达的是被切走的一侧。请把那台主机也作为入口列入计划，使两者一同切换；然后予以豁免（规则“entry-floats”，对象“{object}”）。',
  },
  'upstream-refuses': {
    en: 'The proxy on "{entry}" asks the application at {address} {way}, and gets "{found}" there, where the one that serves now gives "{present}": after a switch its users get an error. Give the application that takes over this name and a certificate that the proxy takes, or correct how the proxy asks (proxy_ssl_server_name, proxy_ssl_name, proxy_ssl_trusted_certificate and "proxy_set_header Host" of nginx; sni, verifyhost and ca-file of haproxy) and reload it, then run this again (rule "upstream-refuses", object "{object}").',
    zh: '“{entry}”上的代理以{way}访问 {address} 处的应用，得到“{found}”，而目前在用的应用给出“{present}”：切换后用户会看到错误。请让接替的应用认得该名称并出示代理接受的证书，或修正代理的访问方式（nginx 的 proxy_ssl_server_name、proxy_ssl_name、proxy_ssl_trusted_certificate 和“proxy_set_header Host”；haproxy 的 sni、verifyhost 和 ca-file）并重新加载，然后重新执行（规则“upstream-refuses”，对象“{object}”）。',
  },
  'way-in-clear': {
    en: 'with the header Host "{host}"',
    zh: '请求头 Host“{host}”',
  },
  'way-by-tls': {
    en: 'over TLS with the header Host "{host}", {serverName} and {check}',
    zh: 'TLS、请求头 Host“{host}”、{serverName}、{check}',
  },
  'server-name-sent': { en: 'the name "{name}" (SNI)', zh: '名称“{name}”（SNI）' },
  'server-name-not-sent': { en: 'no name (SNI)', zh: '不带名称（SNI）' },
  'certificate-checked': { en: 'a check of the certificate by "{caFile}"', zh: '按“{caFile}”校验证书' },
  'certificate-not-checked': { en: 'no check of the certificate', zh: '不校验证书' },
  'server-set-by-socket': {
    en: 'On "{entry}", server "{object}" of the proxy is not as its configuration has it: {found}. Somebody set that by the socket of haproxy, and the reload of a switch takes it back. Write it into the configuration and reload the proxy, or set it back at the socket ("{back}"); then run this again (rule "server-set-by-socket", object "{object}").',
    zh: '“{entry}”上代理的服务器“{object}”与其配置不一致：{found}。这是有人通过 haproxy 的套接字设置的，切换时的重新加载会使其失效。请写入配置并重新加载代理，或在套接字上恢复（“{back}”），然后重新执行（规则“server-set-by-socket”，对象“{object}”）。',
  },
  'server-in-maintenance': { en: 'it is in maintenance', zh: '处于维护状态' },
  'server-enabled': {
    en: 'it is enabled, and its line has "disabled"',
    zh: '已启用，而其行中写有“disabled”',
  },
  'server-drains': { en: 'it takes no new sessions (drain)', zh: '不再接受新会话（drain）' },
  'server-weight': {
    en: 'its weight is {weight}, where the configuration has {written}',
    zh: '权重为 {weight}，而配置中为 {written}',
  },
  'server-at-address': {
    en: 'it leads to {address}, where its line has {written}',
    zh: '指向 {address}，而其行中写的是 {written}',
  },
  'proxy-refuses-config': {
    en: 'something is by now that the proxy refuses when it is reloaded: {because}',
    zh: '有代理在重新加载时会拒绝的内容：{because}',
  },
  'entry-was-denied': {
    en: 'its audit log has a connection there that was denied',
    zh: '审计日志中已有被拒绝的此类连接',
  },
  'other-server-line': {
    en: 'the line "server {name}" leads to {address} and is not among those that the plan switches (list it under "servers", or disable it)',
    zh: '“server {name}”一行指向 {address}，且不在计划要切换的行之列（请列入“servers”，或将其停用）',
  },
  'idle-connections-cut': {
    en: 'haproxy closes the connections of "{frontend}" that are idle as it is reloaded, and a request just on its way over one fails; with "{option}" it waits for their next request',
    zh: 'haproxy 重新加载时会关闭“{frontend}”的空闲连接，正经由其发来的请求会失败；设置“{option}”后会等到其下一个请求',
  },
  'idle-connections-cut-by-nginx': {
    en: 'unless "{option}" (nginx 1.27.4 and newer) is set, nginx closes connections that are idle as it is reloaded, and a request just on its way over one fails',
    zh: '除非设置了“{option}”（nginx 1.27.4 及以上），nginx 重新加载时会关闭空闲连接，正经由其发来的请求会失败',
  },
  'port-from-state-file': {
    en: 'servers of "{backend}" keep the port that the state file has (load-server-state-from-file), whatever their lines say; give the backend "load-server-state-from-file none"',
    zh: '“{backend}”的服务器沿用状态文件中的端口（load-server-state-from-file），与其行中所写无关；请为该 backend 设置“load-server-state-from-file none”',
  },
  'no-answer-in-time': {
    en: 'there was no answer within {timeoutMs} ms',
    zh: '{timeoutMs} 毫秒内没有应答',
  },
  'no-answer': { en: 'there was no answer ({reason})', zh: '没有应答（{reason}）' },
})
