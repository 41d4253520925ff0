import { describe, expect, it } from '@jest/globals'
import { keptIn } from '../../../runner/entry/selinux.ts'

/** As the commands print it on a host of the RHEL family that enforces; no such host takes part in the tests. */
const printed = (change: (lines: string) => string = (lines) => lines) =>
  change(`domain system_u:system_r:httpd_t:s0
boolean httpd_can_network_connect 0 0
boolean haproxy_connect_any 0 0
port SELinux Port Type              Proto    Port Number
port http_cache_port_t              tcp      8080, 8118, 8123, 10001-10010
port http_cache_port_t              udp      3130
port http_port_t                    tcp      80, 81, 443, 488, 8008, 8009, 8443, 9000
port reserved_port_t                tcp      1-511
port unreserved_port_t              tcp      61001-65535, 1024-32767
denial type=AVC msg=audit(1764201600.123:456): avc:  denied  { name_connect } for  pid=1211 comm="nginx" dest=9081 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:unreserved_port_t:s0 tclass=tcp_socket permissive=0
`)

describe('SELinux on the host of a proxy', () => {
  it('is found to keep a proxy from a port whose label it does not use yet, with a denial that stands in the log', () => {
    expect(keptIn(printed(), { present: [8080], next: [9080, 9081] })).toEqual([
      {
        domain: 'httpd_t',
        boolean: 'httpd_can_network_connect',
        port: 9080,
        label: 'unreserved_port_t',
        wasDenied: false,
      },
      expect.objectContaining({ port: 9081, wasDenied: true }),
    ])
    const unlabelled = printed((lines) => lines.replace(/^port .*\n/gm, ''))
    expect(keptIn(unlabelled, { present: [8080], next: [8118] })).toEqual([
      { domain: 'httpd_t', boolean: 'httpd_can_network_connect', port: 8118, wasDenied: false },
    ])
    const haproxy = printed((lines) => lines.replace('httpd_t:s0\n', 'haproxy_t:s0\n'))
    expect(keptIn(haproxy, { present: [8080], next: [9080] })).toEqual([
      expect.objectContaining({ domain: 'haproxy_t', boolean: 'haproxy_connect_any' }),
    ])
  })

  it.each([
    ['the port has the label of one in use', (lines: string) => lines, 8118],
    ['the port stays', (lines: string) => lines, 8080],
    ['the boolean is on', (lines: string) => lines.replace('connect 0 0', 'connect 1 1'), 9080],
    ['the domain is unconfined', (lines: string) => lines.replace('httpd_t', 'unconfined_service_t'), 9080],
    ['the domain is permissive', (lines: string) => `${lines}permissive httpd_t\n`, 9080],
    ['it does not enforce', () => '', 9080],
  ])('lets a proxy connect where %s', (_, change, port) => {
    expect(keptIn(printed(change), { present: [8080], next: [port] })).toEqual([])
  })
})
