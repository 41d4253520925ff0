import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { assertEntryReady } from '../../../runner/entry/look.ts'
import { addressMovers } from '../../../runner/ssh/address-movers.ts'
import { LocalHost } from '../../support/local-host.ts'

/** A host with two processes, one of which moves addresses; nobody else sees them. */
const floating = new LocalHost('gate', [
  ...['unshare', '--mount', 'sh', '-c'],
  `mount -t tmpfs none /proc && mkdir /proc/1 /proc/2 /proc/3 && echo keepalived >/proc/1/comm && echo sh >/proc/2/comm &&
   echo ucarp >/proc/3/comm && chown 65534 /proc/3/comm && exec "$@"`,
  '-',
])

it('a program that moves addresses to other hosts is found by its name, a process of somebody else that calls itself so is none', async () => {
  expect(await addressMovers(floating)).toEqual(['keepalived'])
})

it('an entry whose address may move to another host is refused before the switch, and passes under a waiver', async () => {
  const server = createServer((_, answer) => answer.end())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const look = async (waivers: Readonly<Record<string, string>> = {}) =>
    assertEntryReady(
      {
        url: `http://127.0.0.1:${String(port)}/`,
        entry: floating,
        entryName: 'gate',
        behind: [],
        proxy: { service: 'haproxy', configFile: '/etc/haproxy/haproxy.cfg' },
        ports: { present: [8080], next: [8080] },
      },
      waivers,
    )
  try {
    await expect(look()).rejects.toMatchObject({
      code: 'entry-not-ready',
      problems: [{ code: 'entry-floats', values: { programs: ['keepalived'], object: 'gate' } }],
    })
    await expect(look({ gate: 'Both hosts are in the plan.' })).resolves.toMatchObject({})
  } finally {
    server.close()
  }
}, 60_000)
