import { describe, expect, it } from '@jest/globals'
import { EndpointHttpParams, linesOf } from '../../../runner/steps/endpoint-http/params.ts'
import {
  ServerLineNotFoundError,
  withServerAddresses,
} from '../../../runner/steps/endpoint-http/proxy-config.ts'
import { haproxyConfig, nginxConfig } from '../../support/proxy-configs.ts'

describe('withServerAddresses', () => {
  const haproxy = { proxy: 'haproxy', backend: 'permit_desk', servers: ['permit_desk'] } as const
  const nginx = { proxy: 'nginx', backend: 'permit_desk', servers: ['server'] } as const

  it('changes the one address of an haproxy backend and nothing else', () => {
    const changed = withServerAddresses(haproxyConfig(80, '10.0.0.11:8080'), haproxy, ['10.0.0.13:8080'])
    expect(changed).toBe(haproxyConfig(80, '10.0.0.13:8080'))
  })

  it('changes the one address of an nginx upstream and nothing else', () => {
    expect(withServerAddresses(nginxConfig, nginx, ['10.0.0.13:8080'])).toBe(
      nginxConfig.replace('10.0.0.11:8080', '10.0.0.13:8080'),
    )
  })

  it('changes the addresses of several lines at once, each with the text around it', () => {
    const config = (one: string, two: string) =>
      `backend desk\n  server desk-1 ${one} check # first\n  server other 10.0.0.9:80\n  server desk-2 ${two} weight 2\n`
    const places = { proxy: 'haproxy', backend: 'desk', servers: ['desk-1', 'desk-2'] } as const
    const changed = withServerAddresses(config('10.0.0.1:80', '10.0.0.2:80'), places, [
      '10.0.1.1:80',
      '10.0.1.2:80',
    ])
    expect(changed).toBe(config('10.0.1.1:80', '10.0.1.2:80'))
    const upstream = (one: string, two: string) =>
      `upstream desk {\n  server ${one};\n  server ${two} backup;\n}\n`
    const nginxPlaces = { proxy: 'nginx', backend: 'desk', servers: ['1', '2'] } as const
    expect(withServerAddresses(upstream('a:80', 'b:80'), nginxPlaces, ['c:80', 'd:80'])).toBe(
      upstream('c:80', 'd:80'),
    )
    expect(() =>
      withServerAddresses(upstream('a:80', 'b:80'), { ...nginx, backend: 'desk' }, ['c:80']),
    ).toThrow(ServerLineNotFoundError)
  })

  it('gives out fewer addresses than there are lines in turn, and refuses more', () => {
    const given = { host: 'entry', configFile: '/etc/haproxy.cfg', service: 'haproxy', backend: 'desk' }
    const lines = (servers: string[], to: string[]) =>
      linesOf(EndpointHttpParams.parse({ ...given, servers, to }))
    expect(lines(['a', 'b', 'c'], ['10.0.0.1:80', '10.0.0.2:80']).addresses).toEqual([
      '10.0.0.1:80',
      '10.0.0.2:80',
      '10.0.0.1:80',
    ])
    expect(() => lines(['a'], ['10.0.0.1:80', '10.0.0.2:80'])).toThrow(
      'has more addresses than there are server lines',
    )
    expect(linesOf(EndpointHttpParams.parse({ ...given, to: '10.0.0.1:80' }))).toEqual({
      servers: ['server'],
      addresses: ['10.0.0.1:80'],
    })
  })

  it.each([
    ['an unknown server', haproxyConfig(80, 'a:1'), { ...haproxy, servers: ['permit_desk', 'absent'] }],
    ['an unknown backend', haproxyConfig(80, 'a:1'), { ...haproxy, backend: 'absent' }],
    ['two servers', nginxConfig.replace('keepalive 8', 'server 10.0.0.12:80'), nginx],
  ])('refuses %s', (_what, config, place) => {
    expect(() => withServerAddresses(config, place, ['10.0.0.13:80'])).toThrow(ServerLineNotFoundError)
  })
})
