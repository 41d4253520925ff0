import { createServer, type Server } from 'node:net'

import { afterAll, describe, expect, it } from '@jest/globals'

import { isLoopback, proxyAssignments, settleProxies } from '../../config/proxies.mjs'
import { answers } from '../../standalone/temporal.ts'
import { askServers } from '../support/ask-servers.ts'

type Environment = Record<string, string | undefined>

function settled(env: Environment): Environment {
  settleProxies(env)
  return env
}

describe('the proxies of an environment', () => {
  it.each(['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'grpc_proxy'])(
    '%s is read by programs of either spelling, and never for this machine',
    (name) => {
      const env = settled({ [name]: ' proxy.office:3128' })

      expect(env[name.toLowerCase()]).toBe('http://proxy.office:3128')
      expect(env[name.toUpperCase()]).toBe('http://proxy.office:3128')
      for (const list of [env['no_proxy'], env['NO_PROXY']]) {
        expect(list?.split(',')).toEqual(
          expect.arrayContaining(['localhost', '127.0.0.1', '127.0.0.14', '::1']),
        )
      }
      expect(proxyAssignments(env)).toContain(`${name.toLowerCase()}=http://proxy.office:3128`)
    },
  )

  it.each([
    [{ http_proxy: 'p:1' }, 'http://p:1', 'http://p:1'],
    [{ HTTPS_PROXY: 'p:2' }, 'http://p:2', 'http://p:2'],
    [{ ALL_PROXY: 'p:3' }, 'http://p:3', 'http://p:3'],
    [{ http_proxy: 'p:4', https_proxy: 'p:5', all_proxy: 'p:6' }, 'http://p:4', 'http://p:5'],
    [{ http_proxy: 'p:7', ALL_PROXY: 'p:8' }, 'http://p:7', 'http://p:8'],
    [{ grpc_proxy: 'p:9' }, undefined, undefined],
  ])('%p reaches what is fetched by http and by https', (given, http, https) => {
    const env = settled({ ...given })

    expect({ http: env['http_proxy'], https: env['HTTPS_PROXY'] }).toEqual({ http, https })
  })

  it('keep the exceptions of both spellings', () => {
    const env = settled({
      HTTPS_PROXY: 'https://proxy.office',
      no_proxy: 'a.office, .b.office',
      NO_PROXY: 'c.office',
      no_grpc_proxy: 'd.office',
    })

    expect(env['no_proxy']).toMatch(/^a\.office,\.b\.office,c\.office,localhost,/)
    expect(env['NO_PROXY']).toBe(env['no_proxy'])
    expect(env['no_grpc_proxy']).toMatch(/^d\.office,localhost,127\.0\.0\.1,/)
    expect(settled({ http_proxy: 'http://p:1', NO_PROXY: '*' })['no_proxy']).toBe('*')
  })

  it('are left alone where there are none', () => {
    expect(settled({ no_proxy: 'a.office', PATH: '/bin' })).toEqual({ no_proxy: 'a.office', PATH: '/bin' })
  })

  it.each(['localhost', 'q.localhost', '127.0.0.1', '127.0.0.11', '::1', '[::1]'])(
    '%s is this machine',
    (host) => {
      expect(isLoopback(host)).toBe(true)
    },
  )

  it.each(['10.127.0.0', '127.0.0.1.office', 'localhost.office', '1270.0.0.1', '::10'])(
    '%s is not',
    (host) => {
      expect(isLoopback(host)).toBe(false)
    },
  )
})

describe('Temporal on this machine', () => {
  const before = { ...process.env }
  let proxy: Server | undefined

  afterAll(() => {
    for (const name of ['http_proxy', 'https_proxy', 'grpc_proxy', 'no_proxy', 'no_grpc_proxy']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = before[name]
    }
    proxy?.close()
  })

  it.each(['http_proxy', 'https_proxy', 'grpc_proxy'])(
    'is asked without the proxy that %s names',
    async (name) => {
      const { address, namespace } = await askServers('temporal')
      let asked = 0
      proxy?.close()
      proxy = createServer((socket) => {
        asked += 1
        socket.destroy()
      })
      await new Promise<void>((resolve) => proxy!.listen(0, '127.0.0.1', resolve))
      const found = proxy.address()
      if (found === null || typeof found === 'string') throw new Error('The proxy has no port')
      delete process.env['no_proxy']
      delete process.env['no_grpc_proxy']
      process.env[name] = `http://127.0.0.1:${found.port}`

      // As readiness is looked for: a busy server may miss one look.
      let isAnswered = false
      for (let left = 20; left > 0 && !isAnswered; left -= 1) isAnswered = await answers(address, namespace)

      expect(isAnswered).toBe(true)
      expect(asked).toBe(0)
    },
  )
})
