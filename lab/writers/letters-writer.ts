import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'undici'
import { z } from 'zod'
import type { Lab } from '../lab.ts'
import { entryPool, isRefusedConnection } from './entry-pool.ts'
import { Journal } from './journal.ts'
import { Writer } from './writer.ts'

/** One write: a letter by its key, or a file of it. */
export interface LetterKey {
  readonly key: string
  readonly sha256?: string
}

const letterAnswer = z.object({ key: z.string() })
const fileAnswer = z.object({ key: z.string(), sha256: z.string() })
const letterFound = z.object({ key: z.string(), files: z.array(z.string()) })

/** Sends letters through the entry, and files with some of them. */
export class LettersWriter extends Writer<LetterKey> {
  private readonly run = `l${Math.floor(Date.now() / 1000)}-${process.pid}`
  private readonly pool: Pool

  private constructor(
    journal: Journal<LetterKey>,
    lab: Lab,
    clients: number,
    private readonly uploadEvery: number,
  ) {
    super(journal)
    this.pool = entryPool(lab, clients)
  }

  static async open(
    lab: Lab,
    journalPath: string,
    options: { readonly clients: number; readonly uploadEvery: number },
  ): Promise<LettersWriter> {
    return new LettersWriter(await Journal.open(journalPath), lab, options.clients, options.uploadEvery)
  }

  protected override async write(client: number, round: number): Promise<void> {
    const key = `${this.run}-${client}-${round}`
    const answer = await this.send({ key }, '/letters', JSON.stringify({ key, text: '来信内容' }))
    if (letterAnswer.safeParse(answer).data?.key !== key) return
    this.journal.acknowledge({ key }, key)
    if (this.uploadEvery > 0 && round % this.uploadEvery === 0) await this.upload(key, round)
  }

  private async upload(key: string, round: number): Promise<void> {
    const content = Buffer.alloc(2_048 + (round % 7) * 4_096, `${key} 附件\n`)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const write = { key, sha256 }
    const answer = await this.send(write, `/files?key=${key}`, content)
    if (fileAnswer.safeParse(answer).data?.sha256 === sha256)
      this.journal.acknowledge(write, this.describeKey(write))
  }

  /** Gives the body of a success, undefined otherwise, with the trouble noted. */
  private async send(write: LetterKey, path: string, content: string | Buffer): Promise<unknown> {
    try {
      const { statusCode, body } = await this.pool.request({ method: 'POST', path, body: content })
      const text = await body.text()
      if (statusCode < 300) return JSON.parse(text) as unknown
      // 503: the entry had no server to send the request to, or the application no database to write to.
      const isRefused = statusCode < 500 || statusCode === 503
      this.note(write, isRefused ? 'refused' : 'ambiguous', `${statusCode} ${text}`)
    } catch (error) {
      this.note(write, isRefusedConnection(error) ? 'refused' : 'ambiguous', String(error))
    }
    await sleep(50)
    return undefined
  }

  /** Asks the one that serves for each letter, and for the bytes of each file. */
  protected override async findMissing(
    wanted: readonly LetterKey[],
  ): Promise<ReadonlyMap<string, LetterKey[]>> {
    const missing: LetterKey[] = []
    for (const one of wanted) if (!(await this.isThere(one))) missing.push(one)
    return new Map([['entry', missing]])
  }

  private async isThere({ key, sha256 }: LetterKey): Promise<boolean> {
    const { statusCode, body } = await this.pool.request({ method: 'GET', path: `/letters?key=${key}` })
    const text = await body.text()
    if (statusCode !== 200) return false
    const found = letterFound.parse(JSON.parse(text))
    if (sha256 === undefined) return found.key === key
    const file = await this.pool.request({ method: 'GET', path: `/files?sha256=${sha256}` })
    const digest = createHash('sha256')
      .update(Buffer.from(await file.body.arrayBuffer()))
      .digest('hex')
    return found.files.includes(sha256) && digest === sha256
  }

  protected override describeKey({ key, sha256 }: LetterKey): string {
    return sha256 === undefined ? key : `${key}/${sha256}`
  }

  protected override async release(): Promise<void> {
    await this.pool.close()
  }
}
