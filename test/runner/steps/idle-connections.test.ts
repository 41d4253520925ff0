import { describe, expect, it } from '@jest/globals'
import { say } from '../../../domain/words/said.ts'
import { idleConnectionsCut } from '../../../runner/steps/endpoint-http/idle-connections.ts'

const option = 'option idle-close-on-response'
const haproxy = (defaults: string, frontend: string, more = '') => `global
defaults
    mode http
    ${defaults}
frontend public
    bind :80
    ${frontend}
    use_backend permits if { path_beg /permits }
${more}
backend permits
    server app 10.0.0.1:8080
`

describe('connections that are idle as a proxy is reloaded', () => {
  it.each([
    ['are cut by haproxy', haproxy('', ''), true],
    ['are waited for where all frontends wait', haproxy(option, ''), false],
    ['are waited for where the frontend waits', haproxy('', option), false],
    ['are cut where the frontend does not wait', haproxy(option, `no ${option}`), true],
    [
      'are cut where later defaults do not wait',
      haproxy(option, '', 'defaults\n    mode http\nfrontend other\n    default_backend permits'),
      true,
    ],
    [
      'of another backend are none of it',
      haproxy(option, '', 'defaults\nfrontend other\n    default_backend mail'),
      false,
    ],
    ['are cut by a listen section', 'listen permits\n    bind :80\n    server app 10.0.0.1:8080', true],
    [
      'are waited for by a listen section',
      `listen permits\n    ${option}\n    server app 10.0.0.1:8080`,
      false,
    ],
  ])('%s', (_, config, isCut) => {
    expect(idleConnectionsCut(config, { proxy: 'haproxy', backend: 'permits' }) !== undefined).toBe(isCut)
  })

  it('are cut by nginx unless it is told not to, which is said of both with the name of the option', () => {
    const cut = idleConnectionsCut('upstream permits { server 10.0.0.1:8080; }', {
      proxy: 'nginx',
      backend: 'permits',
    })
    expect(say('en', cut!)).toContain('unless "keepalive_min_timeout"')
    const set = 'keepalive_min_timeout 30s;\nupstream permits { server 10.0.0.1:8080; }'
    expect(idleConnectionsCut(set, { proxy: 'nginx', backend: 'permits' })).toBeUndefined()
    const found = idleConnectionsCut(haproxy('', ''), { proxy: 'haproxy', backend: 'permits' })
    expect(say('en', found!)).toContain(`"public" that are idle as it is reloaded`)
  })
})
