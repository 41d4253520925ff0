import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const program = join(import.meta.dirname, '../../support/entry-room.ts')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-room-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Where names lead that have these addresses. */
async function leads(...names: readonly (readonly string[])[]) {
  const hosts = join(folder, 'hosts')
  writeFileSync(hosts, '')
  const words = ['--net', '--mount', '--propagation', 'private', 'sh', '-c']
  const inside = 'mount --bind "$1" /etc/hosts && ip link set lo up && shift && exec "$@"'
  const command = [process.execPath, '--import', 'tsx', program, JSON.stringify(names)]
  const { stdout } = await promisify(execFile)('unshare', [...words, inside, 'sh', hosts, ...command])
  return JSON.parse(stdout) as readonly {
    readonly straight: readonly string[]
    readonly unknown: readonly string[]
  }[]
}

describe('the name of an entry', () => {
  it('leads past its proxy where an address is that of the host of an application, translated or not', async () => {
    const gate = ['198.18.1.2', 'fd00:1::2']
    const [proxy, old, oldBySix, both, translated, toProxy, elsewhere] = await leads(
      gate,
      ['198.18.2.2'],
      [...gate, 'fd00:2::2'],
      ['198.18.2.2', '198.18.3.2'],
      ['198.18.1.2', '198.18.9.2'],
      ['198.18.8.2'],
      ['198.18.1.2', '198.18.4.2'],
    )
    expect(proxy).toEqual({ straight: [], unknown: [] })
    expect(old).toEqual({ straight: ['198.18.2.2 old'], unknown: [] })
    expect(oldBySix).toEqual({ straight: ['fd00:2::2 old'], unknown: [] })
    expect(both?.straight.toSorted()).toEqual(['198.18.2.2 old', '198.18.3.2 new'])
    expect(translated).toEqual({ straight: ['198.18.9.2 old'], unknown: [] })
    expect(toProxy).toEqual({ straight: [], unknown: [] })
    expect(elsewhere).toEqual({ straight: [], unknown: ['198.18.4.2'] })
  }, 90_000)
})
