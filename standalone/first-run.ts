import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MigrationSummary } from '../api/contract.ts'
import { routes } from '../api/contract.ts'
import { QianyunError } from '../domain/errors.ts'
import { says } from './sentences.ts'

/** Thrown when the API does not take what a fresh stack does first. */
export class FirstRunRefusedError extends QianyunError {
  override name = 'FirstRunRefusedError'
  readonly code = 'first-run-refused'

  constructor(
    readonly path: string,
    readonly status: number,
    readonly detail: string,
  ) {
    super(says.firstRunRefused(path, status, detail))
  }
}

export interface FirstRunOptions {
  readonly home: string
  readonly apiUrl: string
  /** How long to follow the move, at most. */
  readonly patienceMs: number
  /** Told whenever the move is seen at another phase or step. */
  readonly onProgress: (m: MigrationSummary) => void
}

/**
 * Launches the move of the lab's permit desk unless it has been launched before, and follows it to the first decision
 * that needs people, or to where it stands. Throws FirstRunRefusedError.
 */
export async function firstRun(options: FirstRunOptions): Promise<MigrationSummary | undefined> {
  const api = new CoordinatorApi(options)
  const system = 'permit-desk'
  const known = await api.find(system)
  if (known === undefined) {
    await api.post(routes.importSystems.path, readJson(options.home, 'system.json'))
    await api.post(routes.createPlan.path, readJson(options.home, 'plan.json'))
    await api.post(routes.launchMigration.path, { plan: 'permit-desk-plan' })
  }
  const untilMs = Date.now() + options.patienceMs
  let seen: MigrationSummary | undefined
  while (Date.now() < untilMs) {
    seen = await api.find(system)
    if (seen !== undefined) {
      options.onProgress(seen)
      if (needsPeople(seen) || seen.standing === 'closed' || seen.standing === 'aborted') return seen
    }
    await sleep(300)
  }
  return seen
}

const needsPeople = (m: MigrationSummary): boolean => m.waitingFor.some((w) => w.roles.length > 0)

function readJson(home: string, name: string): unknown {
  return JSON.parse(readFileSync(join(home, 'lab', name), 'utf8'))
}

/** The API with the coordinator's token. */
class CoordinatorApi {
  private readonly headers: Readonly<Record<string, string>>

  constructor(private readonly options: Pick<FirstRunOptions, 'home' | 'apiUrl'>) {
    const token = readFileSync(join(options.home, 'accounts', 'coordinator-chen.token'), 'utf8').trim()
    this.headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  }

  /** Looked for in the list: asking for a move that is not there is a refusal, which goes on record. */
  async find(system: string): Promise<MigrationSummary | undefined> {
    const { path } = routes.listMigrations
    const response = await fetch(this.options.apiUrl + path, { headers: this.headers })
    const { migrations } = (await this.answer(path, response)) as { migrations: MigrationSummary[] }
    return migrations.find((m) => m.system === system)
  }

  async post(path: string, body: unknown): Promise<void> {
    const request = { method: 'POST', headers: this.headers, body: JSON.stringify(body) }
    const response = await fetch(this.options.apiUrl + path, request)
    // What an interrupted first start has already done is done.
    if (response.status !== 409) await this.answer(path, response)
  }

  private async answer(path: string, response: Response): Promise<unknown> {
    const body = (await response.json()) as { detail?: string }
    if (!response.ok) throw new FirstRunRefusedError(path, response.status, body.detail ?? '')
    return body
  }
}
