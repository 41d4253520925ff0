import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'undici'
import { z } from 'zod'
import type { Lab } from '../lab.ts'
import { Journal } from './journal.ts'
import type { ParsedVerify } from './messages.ts'
import { entryPool, isRefusedConnection } from './entry-pool.ts'
import { findMissing } from './permit-desk-places.ts'
import { Writer } from './writer.ts'

/** One write: a permit by its key, or a file of a permit. */
export interface PermitDeskKey {
  readonly key: string
  readonly file?: { readonly permitId: string; readonly sha256: string }
}

const permitAnswer = z.object({ id: z.string(), key: z.string() })
const fileAnswer = z.object({ sha256: z.string() })
const types = ['food', 'signboard', 'land-use', 'road-dig', 'transport', 'performance', 'clinic', 'building']
const names = ['王伟', '李娜', '张敏', '刘洋', '陈静', '杨磊', '赵秀英', '黄文博', '周雨桐', '吴浩然']

/** Uses the permit desk as its users do, through the entry: permits, and files with some of them. */
export class PermitDeskWriter extends Writer<PermitDeskKey> {
  private readonly run = `w${Math.floor(Date.now() / 1000)}-${process.pid}`
  private readonly pool: Pool

  private constructor(
    journal: Journal<PermitDeskKey>,
    private readonly lab: Lab,
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
  ): Promise<PermitDeskWriter> {
    return new PermitDeskWriter(await Journal.open(journalPath), lab, options.clients, options.uploadEvery)
  }

  protected override async write(client: number, round: number): Promise<void> {
    const key = `${this.run}-${client}-${round}`
    const permit = await this.send({ key }, '/permits', JSON.stringify(application(key, client + round)))
    const answer = permitAnswer.safeParse(permit)
    if (!answer.success) return
    this.journal.acknowledge({ key }, key)
    if (this.uploadEvery > 0 && round % this.uploadEvery === 0) await this.upload(key, answer.data.id, round)
  }

  protected override findMissing(
    wanted: readonly PermitDeskKey[],
    verify: ParsedVerify,
  ): Promise<ReadonlyMap<string, PermitDeskKey[]>> {
    return findMissing(this.lab, this.run, wanted, verify)
  }

  protected override describeKey({ key, file }: PermitDeskKey): string {
    return file === undefined ? key : `${key}/${file.sha256}`
  }

  protected override async release(): Promise<void> {
    await this.pool.close()
  }

  private async upload(key: string, permitId: string, round: number): Promise<void> {
    const content = Buffer.alloc(2_048 + (round % 7) * 4_096, `${key} 申请材料\n`)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const write = { key, file: { permitId, sha256 } }
    const answer = fileAnswer.safeParse(await this.send(write, `/permits/${permitId}/files`, content))
    if (answer.success && answer.data.sha256 === sha256)
      this.journal.acknowledge(write, this.describeKey(write))
  }

  /** Gives the body of a success, undefined otherwise, with the trouble noted. */
  private async send(write: PermitDeskKey, path: string, body: string | Buffer): Promise<unknown> {
    try {
      const { statusCode, body: answer } = await this.pool.request({
        method: 'POST',
        path,
        headers: { 'x-file-name': encodeURIComponent('申请材料.txt') },
        body,
      })
      const text = await answer.text()
      if (statusCode < 300) return JSON.parse(text) as unknown
      // 503 is the entry's own: it had no server to send the request to.
      this.note(
        write,
        statusCode < 500 || statusCode === 503 ? 'refused' : 'ambiguous',
        `${statusCode} ${text}`,
      )
    } catch (error) {
      this.note(write, isRefusedConnection(error) ? 'refused' : 'ambiguous', String(error))
    }
    await sleep(50)
    return undefined
  }
}

function application(key: string, seed: number) {
  return {
    key,
    typeCode: types[seed % types.length],
    applicantName: names[seed % names.length],
    idNumber: `4401${String(10_000_000_000_000 + seed)}`,
    address: `人民路${1 + (seed % 300)}号`,
  }
}
