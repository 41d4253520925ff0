import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { haproxySections, type ServerPlace } from './proxy-config.ts'

/**
 * What makes the proxy close connections of clients that are idle as it is reloaded: a request that is on its way over one fails, and not every
 * client sends it again. Undefined where it waits for their next request.
 * haproxy: https://docs.haproxy.org/2.6/configuration.html#option%20idle-close-on-response
 * nginx: https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_min_timeout (1.27.4 and newer)
 */
export function idleConnectionsCut(
  config: string,
  { proxy, backend }: Pick<ServerPlace, 'proxy' | 'backend'>,
): Said | undefined {
  if (proxy === 'nginx')
    return /^\s*keepalive_min_timeout\s/m.test(config)
      ? undefined
      : said('idle-connections-cut-by-nginx', { option: 'keepalive_min_timeout' })
  let defaults: readonly string[] = []
  for (const { kind, name, lines } of haproxySections(config)) {
    if (kind === 'defaults') defaults = lines
    if (!leadsTo(backend, kind, name, lines) || waits(lines) || (waits(defaults) && !refuses(lines))) continue
    return said('idle-connections-cut', { frontend: name, option })
  }
  return undefined
}

const option = 'option idle-close-on-response'
const waits = (lines: readonly string[]) =>
  lines.some((line) => /^\s*option\s+idle-close-on-response\b/.test(line))
const refuses = (lines: readonly string[]) =>
  lines.some((line) => /^\s*no\s+option\s+idle-close-on-response\b/.test(line))

function leadsTo(backend: string, kind: string, name: string, lines: readonly string[]): boolean {
  if (kind === 'listen') return name === backend
  return (
    kind === 'frontend' &&
    lines.some((line) => /^\s*(?:default_backend|use_backend)\s+(\S+)/.exec(line)?.[1] === backend)
  )
}
