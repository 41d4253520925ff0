import { createHash, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, releaseTextOf } from '../../api/contract.ts'
import type { MigrationView } from '../../api/contract.ts'
import { ApiClient } from '../../cli/server/api-client.ts'
import type { Role } from '../../domain/organisation.ts'

/** The accounts a fresh home begins with, by role. */
const accounts: Readonly<Record<Role, string>> = {
  coordinator: 'coordinator-chen',
  owner: 'owner-li',
  provider: 'provider-wang',
  vendor: 'vendor-zhao',
  operations: 'operations-sun',
  auditor: 'auditor-qian',
}

/** A worker that is killed several times in a row stays away for long. */
const patienceMs = 240_000

/** One person at the API's door: with the token of an account, and its own key to sign with. */
export class Person {
  readonly api: ApiClient
  private readonly key: KeyObject

  constructor(home: string, server: string, role: Role) {
    const account = accounts[role]
    const file = (end: string): string => readFileSync(join(home, 'accounts', `${account}.${end}`), 'utf8')
    const token = file('token').trim()
    this.key = createPrivateKey(file('key'))
    this.api = new ApiClient(server, () => token, account, new AbortController().signal, patienceMs)
  }

  /** Completes a task, with a file of evidence where one is given. */
  async complete(m: MigrationView, task: string, note: string, evidence?: Evidence): Promise<void> {
    const params = { migration: m.migration, task }
    const files = evidence === undefined ? [] : [await this.store(evidence)]
    await this.api.call('completeTask', { params, body: { note, evidence: files }, headers: once() })
  }

  /** Signs the exact text the task shows. */
  async signTask(m: MigrationView, task: string): Promise<void> {
    const params = { migration: m.migration, task }
    const { toSign } = await this.api.call('showTask', { params })
    if (toSign === undefined) throw new Error(`The task "${task}" shows no text to sign.`)
    await this.api.call('signTask', {
      params,
      body: { ...this.signature(toSign.text), digest: toSign.digest, signedText: toSign.text },
      headers: once(),
    })
  }

  /** Releases the old data in writing, and signs it. */
  async release(m: MigrationView, statement: string): Promise<void> {
    const text = releaseTextOf(m, { by: await this.api.call('me'), statement })
    await this.api.call('releaseRetention', {
      params: { system: m.plan.system },
      body: { statement, ...this.signature(text), signedText: text },
    })
  }

  /** Reads the report, checks its digest over the very bytes, and signs the statement. */
  async recognise(m: MigrationView): Promise<void> {
    const params = { system: m.plan.system }
    const bytes = await this.api.bytes('showReport', { params })
    const digest = createHash('sha256').update(bytes).digest('hex')
    const text = Buffer.from(bytes).toString('utf8')
    if (canonicalJson(JSON.parse(text)) !== text) throw new Error('The report is not canonical JSON.')
    const { mine } = await this.api.call('showSignoff', { params })
    if (mine?.digest !== digest)
      throw new Error(`The report in hand has digest ${digest}, the statement another.`)
    await this.api.call('signReport', {
      params,
      body: { ...this.signature(mine.text), digest, signedText: mine.text },
      headers: once(),
    })
  }

  private async store({ name, content }: Evidence) {
    const bytes = { type: 'application/octet-stream', content: Buffer.from(content) }
    return this.api.call('storeEvidence', { query: { name }, bytes })
  }

  private signature(text: string): { keyId: string; signature: string } {
    const spki = createPublicKey(this.key).export({ type: 'spki', format: 'der' })
    const keyId = createHash('sha256').update(spki).digest('hex').slice(0, 16)
    return { keyId, signature: sign(null, Buffer.from(text), this.key).toString('base64') }
  }
}

export interface Evidence {
  readonly name: string
  readonly content: string
}

/** One person of each role. */
export type People = Readonly<Record<Role, Person>>

export function peopleOf(home: string, server: string): People {
  const person = (role: Role): Person => new Person(home, server, role)
  return {
    coordinator: person('coordinator'),
    owner: person('owner'),
    provider: person('provider'),
    vendor: person('vendor'),
    operations: person('operations'),
    auditor: person('auditor'),
  }
}

const once = (): { 'idempotency-key': string } => ({ 'idempotency-key': randomUUID() })
