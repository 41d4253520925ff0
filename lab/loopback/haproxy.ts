import { join } from 'node:path'
import { type Host, writeFile } from './host.ts'
import type { Programs } from './packages.ts'
import { writeService } from './runit.ts'

export const haproxyBackend = 'permit_desk'
export const haproxyServer = 'permit_desk'
export const haproxyServerOptions = 'check inter 500ms fall 4 rise 1'

/** Makes the entry's HTTP proxy. Its configuration is written once; from then on it belongs to migrations. */
export async function makeHaproxy(
  host: Host,
  programs: Programs,
  facts: { readonly port: number; readonly server: { readonly address: string; readonly port: number } },
): Promise<void> {
  const path = join(host.etc, 'haproxy.cfg')
  await host.privilege.script(
    host.account,
    `umask 027
${writeFile(path, configuration(host, facts), { keep: true })}
${writeService(host, {
  name: 'haproxy',
  command: [programs.haproxy, '-W', '-f', path],
  // The socket's path is relative, since the path of a home folder may be longer than a socket's may be.
  workingDir: host.runDir,
})}
`,
  )
}

// "expose-fd listeners" hands the open port to the next worker at a reload: no connection is refused meanwhile.
// Only connections that never reached the server are tried again, because a request may not be safe to repeat.
// "idle-close-on-response" lets a reload close a client's connection with its next answer: closed while idle, it could
// meet a request on its way, whose sender never learns what became of it. The old worker's connections all end within
// the time of "http-keep-alive".
const configuration = (
  host: Host,
  { port, server }: { port: number; server: { address: string; port: number } },
) => `global
    stats socket unix@haproxy.sock mode 600 level admin expose-fd listeners
    log stdout format raw local0 notice
    maxconn 2000
    hard-stop-after 30s

defaults
    log global
    mode http
    option idle-close-on-response
    timeout http-keep-alive 2s
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout queue 30s
    retries 5
    retry-on conn-failure
    option redispatch

frontend public
    bind ${host.address}:${port}
    default_backend ${haproxyBackend}

backend ${haproxyBackend}
    option httpchk GET /health
    server ${haproxyServer} ${server.address}:${server.port} ${haproxyServerOptions}
`
