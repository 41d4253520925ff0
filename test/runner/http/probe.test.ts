import { describe, expect, it } from '@jest/globals'
import {
  availabilityOf,
  observe,
  observedShareOf,
  startObservation,
  unobserved,
} from '../../../domain/measurement/availability.ts'
import { observeAvailability } from '../../../runner/http/probe.ts'
import { proveWrites, writeProbe, WriteProbeFailedError } from '../../../runner/http/write-probe.ts'
import { serveHttp } from '../../support/http-server.ts'

describe('observeAvailability', () => {
  it('finds an outage as one incident with its reason', async () => {
    let asked = 0
    await using server = await serveHttp((_request, response) => {
      asked += 1
      response.writeHead(asked > 3 && asked <= 6 ? 503 : 200).end()
    })
    const seen: boolean[] = []
    const found = await observeAvailability({
      urls: [server.url],
      intervalMs: 100,
      untilMs: Date.now() + 1150,
      timeoutMs: 2000,
      onSample: (sample) => void seen.push(sample.failure === undefined),
    })
    expect(found.failures).toBe(3)
    expect(found.probes).toBe(seen.length)
    expect(found.incidents).toMatchObject([{ probes: 3, reason: 'wrong-status' }])
    expect(found.longestOutageMs).toBeGreaterThanOrEqual(300)
    expect(found.failing).toBe(false)
  })

  it('counts the time before it began, and after it was lost, as not observed', async () => {
    await using server = await serveHttp((_request, response) => response.end())
    const now = Date.now()
    const options = { urls: [server.url], intervalMs: 100, timeoutMs: 30_000 }
    const late = startObservation(now - 29 * 86_400_000)
    const found = await observeAvailability({ ...options, soFar: late, untilMs: now + 300 })
    expect(availabilityOf(found)).toBe(1)
    expect(observedShareOf(found)).toBeLessThan(0.001)
    const gone = await observeAvailability({
      ...options,
      soFar: startObservation(now - 9_000),
      untilMs: now - 1_000,
    })
    expect(gone).toMatchObject({ probes: 0, unobservedMs: 8_000, endedAtMs: now - 1_000 })
  })

  it('keeps probing while the address is silent', async () => {
    await using server = await serveHttp((request) => request.resume())
    const found = await observeAvailability({
      urls: [server.url],
      intervalMs: 50,
      untilMs: Date.now() + 300,
      timeoutMs: 1000,
    })
    expect(availabilityOf(found)).toBe(0)
    expect(found).toMatchObject({ incidentCount: 1, failing: true })
    expect(found.failures).toBeGreaterThan(1)
  })

  it('ends with the reason of the signal', async () => {
    await using server = await serveHttp((_request, response) => response.end())
    const stopped = observeAvailability({
      urls: [server.url],
      intervalMs: 60_000,
      untilMs: Date.now() + 600_000,
      timeoutMs: 1000,
      signal: AbortSignal.timeout(50),
    })
    await expect(stopped).rejects.toThrow('abort')
  })
})

describe('observe', () => {
  const bad = (dueMs: number) => ({ dueMs, latencyMs: 10, failure: 'timeout' as const })
  const good = (dueMs: number) => ({ dueMs, latencyMs: 10 })

  it('counts an outage from the first probe that failed to the next that did not', () => {
    const samples = [good(0), bad(1000), bad(2000), good(3000), bad(4000)]
    const found = samples.reduce(observe, startObservation(0))
    expect(found).toMatchObject({
      probes: 5,
      failures: 3,
      longestOutageMs: 2000,
      incidentCount: 2,
      failing: true,
    })
    expect(found.incidents).toEqual([
      { startMs: 1000, endMs: 3000, probes: 2, reason: 'timeout' },
      { startMs: 4000, endMs: 4010, probes: 1, reason: 'timeout' },
    ])
  })

  it('does not take time in which nobody looked for an outage', () => {
    const found = observe(unobserved(observe(startObservation(0), good(0)), 60_000), good(61_000))
    expect(found).toMatchObject({ failures: 0, unobservedMs: 60_000, longestOutageMs: 0, endedAtMs: 61_000 })
  })
})

describe('writeProbe', () => {
  const probe = {
    path: '/permits',
    body: '{"applicant":"{unique}"}',
    readPath: '/permits/{id}',
    timeoutMs: 2000,
  }

  function permits(lose: boolean, refused = 0) {
    let refusals = refused
    const kept: string[] = []
    return serveHttp((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        if (request.method === 'POST' && refusals > 0) {
          refusals -= 1
          response.writeHead(502).end()
        } else if (request.method === 'POST') {
          kept.push(lose ? '{}' : body)
          response.writeHead(201).end(JSON.stringify({ id: kept.length }))
        } else {
          response.end(kept[Number(request.url?.split('/').at(-1)) - 1] ?? '')
        }
      })
    })
  }

  it('writes through the public address and reads the very write back', async () => {
    await using server = await permits(false)
    const result = await writeProbe({ ...probe, url: server.url })
    expect(result).toMatchObject({ status: 201 })
  })

  it('says when a write was acknowledged and is not there', async () => {
    await using server = await permits(true)
    const error: unknown = await writeProbe({ ...probe, url: server.url }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(WriteProbeFailedError)
    expect(error).toMatchObject({ acknowledged: true })
  })

  it('says when nobody took the write', async () => {
    const error: unknown = await writeProbe({ ...probe, url: 'http://127.0.0.1:9' }).catch(
      (caught: unknown) => caught,
    )
    expect(error).toMatchObject({ code: 'write-probe-failed', acknowledged: false })
  })

  it('is tried again while a proxy is being reloaded, and fails once its time has passed', async () => {
    await using server = await permits(false, 2)
    const proved = await proveWrites({ ...probe, url: server.url }, { withinMs: 60_000, everyMs: 1 })
    expect(proved).toMatchObject({ status: 201 })
    await using never = await permits(false, Number.MAX_SAFE_INTEGER)
    await expect(
      proveWrites({ ...probe, url: never.url }, { withinMs: 20, everyMs: 5 }),
    ).rejects.toMatchObject({ code: 'write-probe-failed', acknowledged: false })
  })

  it('signs in as a browser does, and proves the write by a list that only the signed-in see', async () => {
    await using server = await signInSite()
    const password = 'p&ss=w"rd %7B'
    const asked: string[] = []
    const signedIn = {
      ...probe,
      url: server.url,
      secrets: { password: 'probe-password' },
      before: [
        { path: '/login', take: { csrf: { after: 'name="csrf" value="', until: '"' } } },
        {
          path: '/login',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: 'user=probe&csrf={csrf}&password={password}',
          take: { session: { cookie: 'session' } },
        },
      ],
      method: 'PUT' as const,
      headers: { 'X-Session': '{session}' },
      path: '/notes',
      readPath: '/notes',
      readSecret: async (secret: string) => {
        asked.push(secret)
        return Promise.resolve(password)
      },
    }
    expect(await writeProbe(signedIn)).toMatchObject({ status: 201 })
    expect(asked).toEqual(['probe-password'])

    const wrong: unknown = await writeProbe({
      ...signedIn,
      readSecret: async () => Promise.resolve('other'),
    }).catch((caught: unknown) => caught)
    expect(wrong).toMatchObject({ code: 'write-probe-failed', acknowledged: false })
    expect(String(wrong)).toContain('"POST /login": the status is 403')
    const elsewhere = { path: '/login', take: { csrf: { field: 'csrf' } } }
    const lacking = writeProbe({ ...signedIn, before: [elsewhere] })
    await expect(lacking).rejects.toThrow('the answer has nothing to take as "csrf"')
  })
})

/** A form with a token of its own, a session in a cookie, and a list for those who are signed in. The password is `p&ss=w"rd %7B`. */
async function signInSite() {
  const notes: string[] = []
  return serveHttp((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const cookie = request.headers.cookie ?? ''
      if (request.url === '/login' && request.method === 'GET') {
        response.setHeader('set-cookie', ['form=f%201; Path=/; HttpOnly', 'session=old; Max-Age=3600'])
        response.end('<input type="hidden" name="csrf" value="c+/1">')
      } else if (request.url === '/login') {
        const given = new URLSearchParams(body)
        const isRight =
          cookie === 'form=f%201; session=old' &&
          given.get('csrf') === 'c+/1' &&
          given.get('password') === 'p&ss=w"rd %7B'
        response.setHeader('set-cookie', ['session=s1; Path=/', 'form=; Max-Age=0'])
        response.writeHead(isRight ? 303 : 403, { location: '/' }).end()
      } else if (cookie !== 'session=s1' || request.headers['x-session'] !== 's1') {
        response.writeHead(401).end()
      } else if (request.method === 'PUT') {
        notes.push(body)
        response.writeHead(201).end()
      } else {
        response.end(notes.join('\n'))
      }
    })
  })
}
