import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { cutIdleConnections } from '../../activities/idle-connections.ts'
import { assess } from '../../domain/assessment/assessment.ts'
import { findingSaid } from '../../domain/assessment/finding.ts'
import { endpointsOf } from '../../domain/plan/places.ts'
import { LocalHost } from '../support/local-host.ts'
import { samplePlan } from '../support/plan.ts'
import { haproxyConfig } from '../support/proxy-configs.ts'

const folder = mkdtempSync(join(tmpdir(), 'qianyun-idle-'))
const configFile = join(folder, 'haproxy.cfg')

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What the assessment tells of an entry whose proxy has this configuration; nothing where there is no such file. */
async function told(config: string | undefined, version?: string): Promise<readonly string[]> {
  if (config === undefined) rmSync(configFile)
  else writeFileSync(configFile, config)
  const [entry] = endpointsOf(samplePlan(), 'http')
  if (entry === undefined) throw new Error('the sample has an entry')
  const { name, ...endpoint } = entry
  const plan = { endpoints: { [name]: { ...endpoint, backend: 'permit_desk', configFile } } }
  const host = new LocalHost('the entry')
  if (version !== undefined) {
    const run = host.run.bind(host)
    host.run = async (script, options) =>
      run(`haproxy() { echo "HAProxy version ${version} 2021/11/02"; }\n${script}`, options)
  }
  const idleConnections = await cutIdleConnections(plan, () => host)
  return assess({ hosts: [], datasets: [], idleConnections, waivers: [] }).findings.map(
    (one) => `${one.severity}: ${findingSaid('en', one)}`,
  )
}

const config = haproxyConfig(8080, '127.0.0.1:1')

describe('a proxy that closes idle connections as it is reloaded', () => {
  it('is told by the assessment, with the option that keeps them', async () => {
    const found = await told(config)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(
      /^warning: Each switch reloads the proxy of ".*" on "the entry": haproxy closes the connections of "public" .*; with "option idle-close-on-response" it waits/,
    )
  })

  it('is not told where the option is set, of a version that waits by itself, or of a file nobody can read', async () => {
    expect(await told(config.replace('mode http', 'mode http\n    option idle-close-on-response'))).toEqual(
      [],
    )
    expect(await told(config, '2.2.9-2+deb11u6')).toEqual([])
    expect(await told(config, '2.4.0')).toHaveLength(1)
    expect(await told(undefined)).toEqual([])
  })
})
