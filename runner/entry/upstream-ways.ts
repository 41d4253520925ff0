import { haproxySections } from '../steps/endpoint-http/proxy-config.ts'
import { type NginxDirective, nginxDirectives } from './nginx-config.ts'

/** How a proxy asks the servers behind it: what of its configuration decides whether one of them answers, and with what. */
export interface UpstreamWay {
  /** The name that the header Host of its requests has. */
  readonly host: string
  /** Absent where it asks in the clear. */
  readonly tls?: UpstreamTls
}

export interface UpstreamTls {
  /** The name it sends (SNI); absent where it sends none. */
  readonly serverName?: string
  /** Absent where it takes every certificate. */
  readonly verify?: { readonly name?: string; readonly caFile: string }
  readonly certificate?: { readonly file: string; readonly keyFile?: string }
}

export interface AskedEntry {
  readonly proxy: 'haproxy' | 'nginx'
  readonly backend: string
  readonly servers: readonly string[]
  readonly url: URL
}

/**
 * The ways in which a proxy asks the servers of a backend, each once. One that depends on more than the configuration and the address of the
 * entry (a variable of its own, the PROXY protocol) is left out.
 * @param config what `nginx -T` prints, or the file of haproxy
 */
export function upstreamWays(config: string, entry: AskedEntry): readonly UpstreamWay[] {
  const ways = entry.proxy === 'nginx' ? nginxWays(config, entry) : haproxyWays(config, entry)
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()]
}

/** Places that pass on to the backend. */
const mostWays = 500

function nginxWays(config: string, entry: AskedEntry): readonly UpstreamWay[] {
  const found: UpstreamWay[] = []
  const walk = (block: readonly NginxDirective[], outer: readonly (readonly NginxDirective[])[]) => {
    const levels = [block, ...outer]
    for (const { words, block: inner } of block) {
      const scheme = words[0] === 'proxy_pass' ? schemeTo(words[1] ?? '', entry.backend) : undefined
      const way = scheme === undefined ? undefined : nginxWay(levels, scheme, entry)
      if (way !== undefined) found.push(way)
      if (found.length >= mostWays) return
      if (inner !== undefined && words[0] !== 'upstream') walk(inner, levels)
    }
  }
  walk(nginxDirectives(config), [])
  return found
}

function schemeTo(target: string, backend: string): 'http' | 'https' | undefined {
  const [, scheme, name] = /^(https?):\/\/([^/?]+)/.exec(target) ?? []
  if (name !== backend) return undefined
  return scheme === 'https' ? 'https' : 'http'
}

function nginxWay(
  levels: readonly (readonly NginxDirective[])[],
  scheme: 'http' | 'https',
  { backend, url }: AskedEntry,
): UpstreamWay | undefined {
  const setOf = (name: string): string | undefined =>
    levels.flat().find(({ words }) => words[0] === name)?.words[1]
  const names =
    levels
      .flat()
      .find(({ words }) => words[0] === 'server_name')
      ?.words.slice(1) ?? []
  const own = names.find((name) => /^[\w.-]+$/.test(name) && name !== '_')
  const asked = names.length === 0 || names.some((name) => covers(name, url.hostname)) ? url.hostname : own
  const value = (text: string): string | undefined => {
    const known: Readonly<Record<string, string | undefined>> = {
      host: asked,
      http_host: asked === url.hostname ? url.host : asked,
      ssl_server_name: asked,
      server_name: own ?? '',
      proxy_host: backend,
      proxy_port: scheme === 'https' ? '443' : '80',
    }
    const unknown = [...text.matchAll(/\$\{?(\w+)\}?/g)].filter(([, name = '']) => known[name] === undefined)
    if (unknown.length > 0) return undefined
    return text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => known[name] ?? '')
  }
  // A level that sets one header inherits none of those outside it.
  const headers = levels
    .map((level) => level.filter(({ words }) => words[0] === 'proxy_set_header'))
    .find((some) => some.length > 0)
  const host = value(
    headers?.find(({ words }) => words[1]?.toLowerCase() === 'host')?.words[2] ?? '$proxy_host',
  )
  const name = value(setOf('proxy_ssl_name') ?? '$proxy_host')
  if (host === undefined || name === undefined) return undefined
  if (scheme === 'http') return { host }
  const caFile = setOf('proxy_ssl_trusted_certificate')
  const file = setOf('proxy_ssl_certificate')
  const keyFile = setOf('proxy_ssl_certificate_key')
  return {
    host,
    tls: {
      ...(setOf('proxy_ssl_server_name') === 'on' && { serverName: name.replace(/:\d+$/, '') }),
      ...(setOf('proxy_ssl_verify') === 'on' &&
        caFile !== undefined && { verify: { name: name.replace(/:\d+$/, ''), caFile } }),
      ...(file !== undefined && { certificate: { file, ...(keyFile !== undefined && { keyFile }) } }),
    },
  }
}

function covers(pattern: string, name: string): boolean {
  if (pattern.startsWith('*.')) return name.endsWith(pattern.slice(1))
  if (pattern.startsWith('.')) return name === pattern.slice(1) || name.endsWith(pattern)
  return pattern === name
}

function haproxyWays(config: string, { backend, servers, url }: AskedEntry): readonly UpstreamWay[] {
  let defaults: readonly string[] = []
  const found: UpstreamWay[] = []
  for (const { kind, name, lines } of haproxySections(config)) {
    if (kind === 'defaults') defaults = lines
    if (!['backend', 'listen'].includes(kind) || name !== backend) continue
    const common = [...defaults, ...lines].map(wordsOf)
    const mode = common.findLast(([word]) => word === 'mode')?.[1]
    if (mode !== 'http') continue
    const usual = common.filter(([word]) => word === 'default-server').flatMap((words) => words.slice(1))
    const set = common.find(([word, , header]) => word === 'http-request' && header?.toLowerCase() === 'host')
    const host = set?.[1] === 'set-header' ? (set[3] ?? '') : url.host
    for (const words of lines.map(wordsOf)) {
      if (words[0] !== 'server' || !servers.includes(words[1] ?? '')) continue
      const way = haproxyWay([...usual, ...words.slice(3)], host, url)
      if (way !== undefined) found.push(way)
    }
  }
  return found
}

const wordsOf = (line: string): readonly string[] =>
  line
    .replace(/(^|\s)#.*/, '')
    .trim()
    .split(/\s+/)

function haproxyWay(words: readonly string[], host: string, url: URL): UpstreamWay | undefined {
  if (words.some((word) => word.startsWith('send-proxy')) || host.includes('%')) return undefined
  if (words.lastIndexOf('ssl') <= words.lastIndexOf('no-ssl')) return { host }
  const after = (word: string) => (words.includes(word) ? words[words.lastIndexOf(word) + 1] : undefined)
  const sni = after('sni')
  const literal = /^str\((.*)\)$/.exec(sni ?? '')?.[1]?.replace(/^"(.*)"$/, '$1')
  const isOfRequest = /^(?:req\.)?hdr\(host\)|^ssl_fc_sni|^req\.ssl_sni/i.test(sni ?? '')
  if (sni !== undefined && literal === undefined && !isOfRequest) return undefined
  const serverName = sni === undefined ? undefined : (literal ?? url.hostname)
  const caFile = after('ca-file')
  const file = after('crt')
  const name = after('verifyhost') ?? serverName
  return {
    host,
    tls: {
      ...(serverName !== undefined && { serverName }),
      ...(after('verify') !== 'none' &&
        caFile !== undefined && { verify: { ...(name !== undefined && { name }), caFile } }),
      ...(file !== undefined && { certificate: { file } }),
    },
  }
}
