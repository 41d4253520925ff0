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
  'entry-bypassed': {
    en: 'The name "{name}" leads to {address}, which is the host "{host}" of the application and not the proxy on "{entry}": users who come there stay with that host when the proxy is switched. Take the address out of the DNS records of the name (and of the hosts file of the runner) or replace it by that of the proxy, wait until the time to live of the records is over, then run this again (rule "entry-bypassed", object "{address}").',
    zh: '名称“{name}”指向 {address}，那是应用所在主机“{host}”，而不是“{entry}”上的代理：代理切换后，由此进入的用户仍停留在该主机。请从该名称的 DNS 记录（以及执行器的 hosts 文件）中去掉该地址，或改为代理的地址，等待记录的 TTL 过期后重新执行（规则“entry-bypassed”，对象“{address}”）。',
  },
  'other-server-line': {
    en: 'the line "server {name}" leads to {address} and is not among those that the plan switches (list it under "servers", or disable it)',
    zh: '“server {name}”一行指向 {address}，且不在计划要切换的行之列（请列入“servers”，或将其停用）',
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
