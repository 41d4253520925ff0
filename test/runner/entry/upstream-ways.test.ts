import { describe, expect, it } from '@jest/globals'
import { upstreamWays } from '../../../runner/entry/upstream-ways.ts'

const url = new URL('https://permit.example.org:8443/health')
const nginx = (config: string) =>
  upstreamWays(config, { proxy: 'nginx', backend: 'permit_desk', servers: ['server'], url })
const haproxy = (config: string) =>
  upstreamWays(config, { proxy: 'haproxy', backend: 'permit_desk', servers: ['app'], url })

/** As `nginx -T` prints it: the main file, then those it includes. */
const printed = `# configuration file /etc/nginx/nginx.conf:
events {}
http {
  proxy_ssl_verify on; # for all
  proxy_ssl_trusted_certificate /etc/ssl/house.pem;
  proxy_set_header X-Real-IP $remote_addr;
  include conf.d/*.conf;
}
# configuration file /etc/nginx/conf.d/permit.conf:
upstream permit_desk { server 10.0.0.11:8443; }
server {
  listen 8443 ssl; server_name permit.example.org;
  location / { proxy_pass https://permit_desk; }
  location /api/ {
    proxy_set_header Host "$host";
    proxy_ssl_server_name on; proxy_ssl_name $http_host;
    proxy_pass https://permit_desk/v1/;
  }
  location /plain { proxy_set_header Host $http_host; proxy_pass http://permit_desk; }
  location /tenant { proxy_set_header Host $tenant; proxy_pass http://permit_desk; }
  location /other { proxy_pass http://elsewhere; }
}
# configuration file /etc/nginx/sites/off.conf:
server { location / { proxy_pass http://permit_desk; } }
`

describe('how a proxy asks the servers behind it', () => {
  it('is read from all files of nginx, with what the levels outside have set', () => {
    const verify = { name: 'permit_desk', caFile: '/etc/ssl/house.pem' }
    expect(nginx(printed)).toEqual([
      { host: 'permit_desk', tls: { verify } },
      {
        host: 'permit.example.org',
        tls: { serverName: 'permit.example.org', verify: { ...verify, name: 'permit.example.org' } },
      },
      { host: 'permit.example.org:8443' },
    ])
  })

  it('is read from one file of nginx by itself, with a certificate of the proxy and the name of another server', () => {
    const config = `server { server_name .intra.example *.intra; proxy_ssl_certificate /c.pem; proxy_ssl_certificate_key /k.pem;
      proxy_set_header Host fixed.example; location / { if ($arg_a = "}") { return 400; } proxy_pass https://permit_desk; } }`
    expect(nginx(config)).toEqual([
      { host: 'fixed.example', tls: { certificate: { file: '/c.pem', keyFile: '/k.pem' } } },
    ])
  })

  it('is read from the server lines of haproxy and what is the default for them', () => {
    const config = (line: string, more = '') => `defaults
  mode http
  default-server inter 1s ca-file /etc/ssl/house.pem
backend permit_desk
  ${more}
  server app 10.0.0.11:8443 ${line}
  server other 10.0.0.12:80`
    const caFile = '/etc/ssl/house.pem'
    const host = 'permit.example.org:8443'
    expect(haproxy(config('check'))).toEqual([{ host }])
    expect(haproxy(config('ssl verify none'))).toEqual([{ host, tls: {} }])
    expect(haproxy(config('ssl verify required'))).toEqual([{ host, tls: { verify: { caFile } } }])
    expect(haproxy(config('ssl sni req.hdr(host),field(1,:) # by the client'))).toEqual([
      {
        host,
        tls: {
          serverName: 'permit.example.org',
          verify: { name: 'permit.example.org', caFile },
        },
      },
    ])
    expect(
      haproxy(
        config('ssl sni str(a.example) verifyhost b.example', 'http-request set-header Host a.example'),
      ),
    ).toEqual([
      { host: 'a.example', tls: { serverName: 'a.example', verify: { name: 'b.example', caFile } } },
    ])
    expect(haproxy(config('send-proxy-v2'))).toEqual([])
    expect(haproxy(config('ssl', 'mode tcp'))).toEqual([])
  })
})
