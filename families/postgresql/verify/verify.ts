import { createHash, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { disconnectSides, connectSide } from '../server/connections.ts'
import { ensureControl } from '../server/control.ts'
import { differingLargeObjects } from '../copy/large-objects.ts'
import { markerTrip } from '../replication/marker.ts'
import { ownLinks } from '../replication/slots.ts'
import { listSubscriptions, whyNotApplying } from '../replication/subscriptions.ts'
import type { DatabasePort } from '../database.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { type Recheck, recheckRange } from './recheck.ts'
import { notCompared } from './not-compared.ts'
import { type RangeSums, differingRanges, rangeSums } from './sums.ts'
import { readViewsAgain } from './table-sum.ts'
import { type VerifiedTable, rangeWords, verifiedTables } from './tables.ts'

export interface VerifyPlan {
  readonly from: DatabasePort
  readonly to: DatabasePort
  /** Tables left out, quoted as the catalog gives them. */
  readonly except: readonly string[]
  /** They are copied at the switch, by waiver: until then they may differ on a pair that replicates. */
  readonly largeObjectsAtSwitch: boolean
  readonly rounds: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** What a verification found. `digest` is that of every range of the source: two runs over the same data agree. */
export interface Verification {
  readonly equal: boolean
  readonly against: 'copy' | 'live' | 'now'
  readonly tables: number
  readonly rows: number
  readonly ranges: number
  readonly rechecked: number
  /** Rows that changed during every look; they prove nothing, either way. */
  readonly movingRows: number
  /** What was left out, a word each: "equal" says nothing of it. */
  readonly notCompared: readonly Said[]
  readonly differences: readonly string[]
  readonly digest: string
  readonly elapsedMs: number
}

const reportedDifferences = 50

/**
 * Compares two databases range by range. With replication alive a range that differs is looked at row by row around a
 * marker's round trip until every row is equal, different beyond doubt, or still moving. Without it, a copy is held
 * against what its source was at the moment of copying.
 */
export async function verify(plan: VerifyPlan): Promise<Verification> {
  const began = Date.now()
  await ensureControl(plan.to)
  await ensureControl(plan.from)
  const from = await connectSide(plan.from, 'verify')
  const to = await connectSide(plan.to, 'verify').catch(async (error: unknown) => {
    await disconnectSides(from)
    throw error as Error
  })
  try {
    const live = await isLive(plan, from.app, to.app)
    const manifest = live
      ? undefined
      : await readManifest(to.control, plan.to.database, sourceName(plan.from))
    const run = new Run(plan, from.app, to.app, live, manifest)
    await run.compareAll()
    await run.compareRest()
    return {
      equal: run.differences.length === 0,
      against: live ? 'live' : manifest === undefined ? 'now' : 'copy',
      ...run.counts,
      notCompared: await notCompared(from.app, {
        except: plan.except,
        movingRows: run.counts.movingRows,
        largeObjects: !(live && plan.largeObjectsAtSwitch),
      }),
      differences: run.differences.slice(0, reportedDifferences),
      digest: run.digest.digest('hex'),
      elapsedMs: Date.now() - began,
    }
  } finally {
    await disconnectSides(from, to)
  }
}

/** How a manifest names where its copy came from. */
export function sourceName(port: DatabasePort): string {
  return `${port.address}:${String(port.port)}/${port.database}`
}

/** Whether one of the two follows the other right now. */
async function isLive({ from, to }: VerifyPlan, source: pg.Client, target: pg.Client): Promise<boolean> {
  const [forward, back] = [await linkTo(from, target), await linkTo(to, source)]
  return forward !== undefined || back !== undefined
}

/** The subscription by which a side follows the other right now. */
async function linkTo(publisher: DatabasePort, client: pg.Client): Promise<string | undefined> {
  const enabled = (await listSubscriptions(client)).filter((one) => one.enabled).map(({ name }) => name)
  return ownLinks(publisher.database, enabled)[0]
}

class Run {
  readonly differences: string[] = []
  readonly digest = createHash('sha256')
  readonly counts = { tables: 0, rows: 0, ranges: 0, rechecked: 0, movingRows: 0 }

  constructor(
    private readonly plan: VerifyPlan,
    private readonly from: pg.Client,
    private readonly to: pg.Client,
    private readonly live: boolean,
    private readonly manifest: Manifest | undefined,
  ) {}

  async compareAll(): Promise<void> {
    const all = await verifiedTables(this.from)
    for (const table of all) {
      if (this.plan.except.includes(table.name)) continue
      this.plan.signal.throwIfAborted()
      await this.compareTable(table)
    }
  }

  private async compareTable(table: VerifiedTable): Promise<void> {
    const [wanted, found] = await Promise.all([this.wanted(table), rangeSums(this.to, table)])
    this.counts.tables += 1
    for (const [range, { rows, sum }] of [...wanted].toSorted()) {
      this.counts.rows += rows
      this.counts.ranges += 1
      this.digest.update(`${table.name}|${range}|${rows}|${sum}\n`)
    }
    for (const range of differingRanges(wanted, found)) {
      if (this.live) await this.recheck(table, range)
      else {
        const [left, right] = [wanted.get(range)?.rows ?? 0, found.get(range)?.rows ?? 0]
        this.differences.push(
          `${table.name} ${rangeWords(table, range)}: ${left} rows became ${right}, or rows differ`,
        )
      }
    }
  }

  private async wanted(table: VerifiedTable): Promise<RangeSums> {
    if (this.manifest === undefined) return rangeSums(this.from, table)
    return this.manifest.get(table.name) ?? new Map()
  }

  private async recheck(table: VerifiedTable, range: string): Promise<void> {
    this.counts.rechecked += 1
    const recheck: Recheck = {
      from: this.from,
      to: this.to,
      table,
      range,
      rounds: this.plan.rounds,
      caughtUp: async () => this.caughtUp(),
    }
    const { wrong, moving } = await recheckRange(recheck)
    this.counts.movingRows += moving
    if (wrong.length === 0) return
    const some = wrong.slice(0, 5).join(', ')
    this.differences.push(`${table.name} ${rangeWords(table, range)}: ${wrong.length} rows differ (${some})`)
  }

  private async caughtUp(): Promise<void> {
    await markerTrip({
      from: { client: this.from, label: this.plan.from.called },
      to: { client: this.to, label: this.plan.to.called },
      name: 'verify',
      token: randomUUID(),
      timeoutMs: 30_000,
      reason: async () => {
        const link = await linkTo(this.plan.from, this.to)
        return link === undefined ? undefined : whyNotApplying(this.to, link)
      },
      signal: this.plan.signal,
    })
  }

  /** What is no table: views that must still fit what they read, large objects that must be the same. */
  async compareRest(): Promise<void> {
    const { rows: views } = await this.to.query<{ name: string }>(
      `select format('%I.%I', schemaname, viewname) as name from pg_views
        where schemaname not in ('pg_catalog', 'information_schema', 'qianyun') order by 1`,
    )
    await readViewsAgain(this.to)
    for (const { name } of views) {
      // Prepared and not run: already the planning of a query runs its owner's functions, with the rights of whoever asks.
      const failure = await this.to
        .query(`prepare qianyun_view as select * from ${name}; deallocate qianyun_view`)
        .then(() => undefined, messageOf)
      if (failure !== undefined) this.differences.push(`view ${name} does not run: ${failure}`)
    }
    if (this.live && this.plan.largeObjectsAtSwitch) return
    const objects = await differingLargeObjects(this.from, this.to)
    if (objects.length > 0) {
      this.differences.push(`${objects.length} large objects differ (${objects.slice(0, 5).join(', ')})`)
    }
  }
}
