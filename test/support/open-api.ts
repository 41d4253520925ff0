import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import type pg from 'pg'
import {
  pathOf,
  routes,
  type AnswerOf,
  type Problem,
  type RouteName,
  type Routes,
} from '../../api/contract.ts'
import type { ApiParts } from '../../api/context.ts'
import { createServer } from '../../api/http/server.ts'
import { EventFeed } from '../../storage/event-feed.ts'
import type { TestDatabase } from './clone-database.ts'
import { registerPeople, type Credentials, type Person } from './credentials.ts'
import { samplePlan } from './plan.ts'

/** What a test sends. `as` nobody: without a token. */
export interface Call {
  readonly as?: Person | undefined
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly text: string
  readonly json: unknown
}

/** The API with people, as it is asked by them. */
export interface TestApi {
  readonly url: string
  /** Its database as a superuser; the API connects by its own role. */
  readonly pool: pg.Pool
  /** Its database as a process sees it. */
  readonly as: TestDatabase['as']
  readonly people: Readonly<Record<Person, Credentials>>
  /** Sends anything to a route, right or wrong. */
  send(name: RouteName, call?: Call): Promise<Answer>
  /** Sends what is right and gives the answer, which must be one the contract describes. */
  call<N extends RouteName>(name: N, call: Call): Promise<AnswerOf<Routes[N]>>
  /** Sends what is to be refused and gives the problem. */
  refused(name: RouteName, call?: Call): Promise<Problem>
}

export interface ApiOptions extends Pick<
  ApiParts,
  'commandTimeoutMs' | 'projectionTimeoutMs' | 'lookEveryMs' | 'thinning' | 'ownPlaces'
> {
  /** Pages other than the small ones made for the test. */
  readonly consoleFolder?: string
  /** Whether the server is a lab; default: it is. */
  readonly isLab?: boolean
  /** Playbooks other than the empty ones made for the test. */
  readonly playbooksFolder?: string
}

/** Opens the API on a database with its schema, and registers everybody in it. */
export async function openApi(
  database: TestDatabase,
  temporal: Client,
  options: ApiOptions = {},
): Promise<TestApi & { readonly close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-api-'))
  const feed = new EventFeed(database.urlOf('api'))
  const [people] = await Promise.all([registerPeople(database.pool), feed.open()])
  const app = await createServer({
    pool: database.as('api'),
    feed,
    temporal,
    isLab: true,
    playbooksFolder: makePlaybooks(join(folder, 'playbooks')),
    consoleFolder: makePages(join(folder, 'console')),
    temporalUiUrl: 'http://127.0.0.1:8233',
    commandTimeoutMs: 10_000,
    ...options,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const send = async (name: RouteName, call: Call = {}) => sendTo(url, people, name, call)
  return {
    url,
    pool: database.pool,
    as: (process) => database.as(process),
    people,
    send,
    call: async (name, call) => {
      const answer = await send(name, call)
      if (answer.status !== routes[name].status) throw new Error(`${name}: ${answer.status} ${answer.text}`)
      return routes[name].response.parse(answer.json) as AnswerOf<Routes[typeof name]>
    },
    refused: async (name, call) => {
      const answer = await send(name, call)
      if (answer.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
        throw new Error(`${name} was not refused: ${answer.status} ${answer.text.slice(0, 500)}`)
      }
      return answer.json as Problem
    },
    close: async () => {
      await app.close()
      await feed.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Sends anything to a route at an address. */
export async function sendTo(
  url: string,
  people: TestApi['people'],
  name: RouteName,
  { as, params, query, body, headers }: Call,
): Promise<Answer> {
  const route = routes[name]
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const answer = await fetch(`${url}${pathOf(route, params)}?${new URLSearchParams(query).toString()}`, {
    method: route.method,
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${people[as].token}` }),
      ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: raw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const text = new TextDecoder().decode(bytes)
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '')
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  }
}

/** Of playbooks that are looked into when a plan is made; the others are empty. */
const restOf: Readonly<Record<string, string>> = {
  'system-close': 'title: { zh: 下线, en: Close }\nsteps: [{ id: wipe, kind: wipe }]\n',
  'system-rollback': 'title: { zh: 回退, en: Back }\nsteps: [{ id: back, kind: service }]\n',
}

function makePlaybooks(folder: string): string {
  for (const { name } of Object.values(samplePlan().playbooks)) {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'playbook.yaml'), `playbook: ${name}\n${restOf[name] ?? ''}`)
  }
  return folder
}

function makePages(folder: string): string {
  mkdirSync(join(folder, 'parts'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Qianyun</title>')
  writeFileSync(join(folder, 'parts', 'page.js'), 'export {}')
  writeFileSync(join(folder, 'README.md'), '# not served')
  return folder
}
