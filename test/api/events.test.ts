import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createParser } from 'eventsource-parser'
import { System } from '../../domain/ledger/system.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { WorkflowEndStore } from '../../storage/workflow-ends.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import type { Person } from '../support/credentials.ts'
import { shortHistory } from '../storage/history.ts'

const api = useApi()
const open = new Set<AbortController>()

beforeAll(async () => {
  const system = System.parse({
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  })
  await new SystemStore(api.pool).import([system], actors.coordinator, 1)
  await new MigrationStore(api.pool).append(shortHistory('permit-desk-1'))
})

afterEach(() => {
  for (const controller of open) controller.abort()
  open.clear()
})

interface Sent {
  readonly id: number
  readonly notice: { readonly migration: string; readonly sequence?: number }
}

/** A client of the stream: gives its messages one by one. */
async function listen(
  as: Person,
  query = '',
  headers: Record<string, string> = {},
): Promise<AsyncGenerator<Sent>> {
  const controller = new AbortController()
  open.add(controller)
  const response = await fetch(`${api.url}/events${query}`, {
    headers: { authorization: `Bearer ${api.people[as].token}`, ...headers },
    signal: controller.signal,
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  return sentBy(response)
}

async function* sentBy(response: Response): AsyncGenerator<Sent> {
  const sent: Sent[] = []
  const parser = createParser({
    onEvent: ({ id, data }) =>
      sent.push({ id: Number(id ?? -1), notice: JSON.parse(data) as Sent['notice'] }),
  })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
    yield* sent.splice(0)
  }
}

async function take(stream: AsyncGenerator<Sent>, count: number): Promise<Sent[]> {
  const sent: Sent[] = []
  while (sent.length < count) {
    const next = await stream.next()
    if (next.done === true) break
    sent.push(next.value)
  }
  return sent
}

const names = (sent: readonly Sent[]) => sent.map(({ notice }) => `${notice.migration}#${notice.sequence}`)

describe('the stream of events', () => {
  it('sends what happens from now on, to everybody who may see it', async () => {
    const streams = await Promise.all([listen('auditor'), listen('owner')])
    await new MigrationStore(api.pool).append(shortHistory('permit-desk-2'))
    for (const stream of streams) {
      expect(names(await take(stream, 3))).toEqual(['permit-desk-2#1', 'permit-desk-2#2', 'permit-desk-2#3'])
    }
  })

  it('says which event it is and leaves its content to whoever asks for it', async () => {
    const [first] = await take(await listen('auditor', '?after=0'), 1)
    expect(first?.notice).toEqual({ migration: 'permit-desk-1', sequence: 1 })
  })

  it('resumes after the last event a client has seen, with none left out and none twice', async () => {
    const all = await take(await listen('auditor', '?after=0'), 6)
    const resumed = await take(await listen('auditor', '', { 'last-event-id': String(all[1]!.id) }), 4)
    expect(resumed).toEqual(all.slice(2))
  })

  it('sends one move alone when asked for one', async () => {
    const stream = await listen('auditor', '?after=0&migration=permit-desk-2')
    expect(names(await take(stream, 3))).toEqual(['permit-desk-2#1', 'permit-desk-2#2', 'permit-desk-2#3'])
  })

  it('sends nothing of a move to an organisation without a part in it', async () => {
    const theirs = shortHistory('water-works-1').map((event) =>
      event.type === 'launched'
        ? {
            ...event,
            data: {
              ...event.data,
              plan: {
                ...event.data.plan,
                system: 'water-works',
                organisations: { ...event.data.plan.organisations, owner: 'water-bureau' },
              },
            },
          }
        : event,
    )
    const stream = await listen('otherOwner', '?after=0')
    await new MigrationStore(api.pool).append(theirs)
    const sent = await take(stream, 3)
    expect(new Set(sent.map(({ notice }) => notice.migration))).toEqual(new Set(['water-works-1']))
    const hidden = await api.refused('streamEvents', {
      as: 'otherOwner',
      query: { migration: 'permit-desk-1' },
    })
    expect(hidden).toMatchObject({ status: 404, code: 'unknown-migration' })
  })

  it('ends when the token of its client is no more, and sends nothing that comes after', async () => {
    const [gone, stays] = await Promise.all([listen('vendor'), listen('auditor')])
    await api.pool.query(
      `update account set token_hash = repeat('0', 64) where token_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')`,
      [api.people.vendor.token],
    )
    await sleep(2_100)
    await new MigrationStore(api.pool).append(shortHistory('permit-desk-3'))
    expect(await take(gone, 1)).toEqual([])
    expect(names(await take(stays, 1))).toEqual(['permit-desk-3#1'])
  }, 30_000)

  it('says without an event that something else of a move has changed, to those who may see it', async () => {
    const [auditor, other] = await Promise.all([listen('auditor'), listen('otherOwner')])
    const ends = new WorkflowEndStore(api.pool)
    await ends.found('permit-desk-1', { how: 'terminated', by: 'admin', reason: 'cleaning up' }, 1)
    expect(await take(auditor, 1)).toEqual([{ id: -1, notice: { migration: 'permit-desk-1' } }])
    await ends.found('water-works-1', { how: 'gone', by: '', reason: '' }, 1)
    expect(await take(other, 1)).toEqual([{ id: -1, notice: { migration: 'water-works-1' } }])
  })

  it('is read page by page from the record too', async () => {
    const params = { system: 'permit-desk-1' }
    const first = await api.call('listEvents', { as: 'owner', params, query: { limit: '2' } })
    expect(first).toMatchObject({ more: true, events: [{ sequence: 1 }, { sequence: 2 }] })
    const rest = await api.call('listEvents', { as: 'owner', params, query: { after: '2' } })
    expect(rest).toMatchObject({ more: false, events: [{ sequence: 3 }] })
  })
})
