import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { isLoopback } from '../../config/proxies.mjs'
import { distributions, whyNoMachines } from './base.ts'
import { Machine } from './machine.ts'
import { OfficeProxy } from './office-proxy.ts'

const none = whyNoMachines()

;(none === undefined ? describe : describe.skip)(
  `a machine that reaches nothing but a proxy${none === undefined ? '' : ` (skipped: ${none})`}`,
  () => {
    let proxy: OfficeProxy
    let machine: Machine

    beforeAll(async () => {
      proxy = await OfficeProxy.start()
      const [distribution] = distributions
      machine = await Machine.make({ distribution, person: 'root', node: '20', onlyProxy: true })
    }, 900_000)

    afterAll(async () => {
      await machine.remove()
      proxy.stop()
    }, 60_000)

    // The first one installs all of it; the others fetch the Temporal CLI anew.
    it.each(['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'])(
      'starts with %s, and asks the proxy for no address of its own',
      async (name) => {
        const before = proxy.asked.length
        await machine.run('rm -rf /var/lib/qianyun/*/bin')
        const terminal = machine.terminal(`${name}=10.0.2.2:${String(proxy.port)} npm start -- --no-lab`)
        await terminal.sees('Ctrl-C ends it')
        await terminal.pressCtrlC()

        const asked = proxy.asked.slice(before).map((one) => one.split(' ')[1] ?? '')
        expect(asked).toContain('temporal.download')
        expect(new Set(asked).size).toBeGreaterThan(1)
        expect(asked.filter((host) => isLoopback(host) || host.startsWith('10.0.2.'))).toEqual([])
      },
      900_000,
    )
  },
)
