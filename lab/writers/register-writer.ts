import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'undici'
import { z } from 'zod'
import type { Lab } from '../lab.ts'
import { Journal } from './journal.ts'
import { entryPool, isRefusedConnection } from './entry-pool.ts'
import { Writer } from './writer.ts'

const entryAnswer = z.object({ key: z.string() })

/** Enters visitors into the register, through the entry. */
export class RegisterWriter extends Writer<string> {
  private readonly run = `r${Math.floor(Date.now() / 1000)}-${process.pid}`
  private readonly pool: Pool

  private constructor(journal: Journal<string>, lab: Lab, clients: number) {
    super(journal)
    this.pool = entryPool(lab, clients)
  }

  static async open(lab: Lab, journalPath: string, clients: number): Promise<RegisterWriter> {
    return new RegisterWriter(await Journal.open(journalPath), lab, clients)
  }

  protected override async write(client: number, round: number): Promise<void> {
    const key = `${this.run}-${client}-${round}`
    try {
      const { statusCode, body } = await this.pool.request({
        method: 'POST',
        path: '/entries',
        body: JSON.stringify({ key, text: '来访登记' }),
      })
      const text = await body.text()
      if (statusCode < 300 && entryAnswer.safeParse(JSON.parse(text)).data?.key === key) {
        this.journal.acknowledge(key, key)
        return
      }
      // 503 is the entry's own: it had no server to send the request to.
      this.note(
        key,
        statusCode < 500 || statusCode === 503 ? 'refused' : 'ambiguous',
        `${statusCode} ${text}`,
      )
    } catch (error) {
      this.note(key, isRefusedConnection(error) ? 'refused' : 'ambiguous', String(error))
    }
    await sleep(50)
  }

  /** Asks the one that serves for each entry. */
  protected override async findMissing(wanted: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
    const missing: string[] = []
    for (const key of wanted) {
      const { statusCode, body } = await this.pool.request({ method: 'GET', path: `/entries?key=${key}` })
      await body.dump()
      if (statusCode !== 200) missing.push(key)
    }
    return new Map([['entry', missing]])
  }

  protected override describeKey(key: string): string {
    return key
  }

  protected override async release(): Promise<void> {
    await this.pool.close()
  }
}
