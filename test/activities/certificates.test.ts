import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { certificatesOf } from '../../activities/discovery.ts'
import { assess } from '../../domain/assessment/assessment.ts'
import { findingSaid } from '../../domain/assessment/finding.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { endpointsOf } from '../../domain/plan/places.ts'
import { implementation as httpCheck } from '../../runner/steps/http-check/index.ts'
import { HttpCheckParams } from '../../runner/steps/http-check/params.ts'
import { stepContext } from '../support/step-context.ts'
import { samplePlan } from '../support/plan.ts'

/** An https server with a certificate of its own that ends after so many days. */
async function serveHttps(days: number) {
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-certificate-'))
  const [key, cert] = ['key', 'cert'].map((name) => join(folder, name))
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...[
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-subj',
        '/CN=127.0.0.1',
        '-days',
        String(days),
        '-keyout',
        key ?? '',
        '-out',
        cert ?? '',
      ],
    ],
    { stdio: 'ignore' },
  )
  const shown = { key: readFileSync(key ?? ''), cert: readFileSync(cert ?? '') }
  const server = createServer(shown, (_, response) => response.end('ok'))
  rmSync(folder, { recursive: true })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    cert: shown.cert,
    url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

/** What the assessment tells of an entry. */
async function told(url: string, policy: Partial<MigrationPlan['policy']> = {}) {
  const plan = samplePlan(policy)
  const [entry] = endpointsOf(plan, 'http')
  if (entry === undefined) throw new Error('the sample has an entry')
  const { name, ...endpoint } = entry
  const certificates = await certificatesOf({ ...plan, endpoints: { [name]: { ...endpoint, url } } })
  const { findings } = assess({ hosts: [], datasets: [], certificates, waivers: [] })
  return findings.map((one) => `${one.severity}: ${findingSaid('en', one)}`)
}

const short = { trialRun: { seconds: 10 }, retention: { seconds: 10 } } as const

describe('the certificate of an entry', () => {
  it('is told when it ends within 30 days, however short the move is', async () => {
    await using entry = await serveHttps(29)
    const ends = new Date(Date.now() + 29 * 86_400_000).toISOString().slice(0, 10)
    const found = await told(entry.url, short)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(
      new RegExp(`^warning: A certificate that "${entry.url}" shows ends on ${ends}, in 2[89] days`),
    )
  }, 60_000)

  it('is told when it ends before the trial run and the retention are over, and not when it outlasts them', async () => {
    await using entry = await serveHttps(90)
    expect(await told(entry.url, { trialRun: { days: 30 }, retention: { months: 3 } })).toHaveLength(1)
    expect(await told(entry.url, short)).toEqual([])
  }, 60_000)

  it('has its end in the result of a check after the cutover', async () => {
    await using entry = await serveHttps(29)
    const before = getGlobalDispatcher()
    const trusting = new Agent({ connect: { ca: entry.cert } })
    setGlobalDispatcher(trusting)
    try {
      const result = await httpCheck.carryOut?.(
        HttpCheckParams.parse({ url: entry.url }),
        null,
        [],
        stepContext(),
      )
      const ends = new Date(Date.now() + 29 * 86_400_000).toISOString().slice(0, 10)
      expect(result).toMatchObject({ status: 200, certificateEndsAt: expect.stringContaining(ends) })
    } finally {
      setGlobalDispatcher(before)
      await trusting.destroy()
    }
  }, 60_000)

  it('is unknown where the address is not https, or nobody answers', async () => {
    expect(await told('http://127.0.0.1:1')).toEqual([
      'information: When the certificate of "http://127.0.0.1:1" ends is unknown: the address is not https.',
    ])
    expect(await told('https://127.0.0.1:1')).toEqual([
      expect.stringMatching(/^information: .* is unknown: there was no answer \(.*ECONNREFUSED.*\)\.$/),
    ])
  }, 60_000)
})
