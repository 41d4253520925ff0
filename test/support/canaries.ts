import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Queryable } from '../../storage/pool.ts'

/** A secret, by parts of it that stand nowhere else in the world; each has twelve characters or more. */
export interface Canary {
  readonly name: string
  readonly parts: readonly string[]
}

/** The canary of a secret that holds a random text. */
export const canaryOf = (name: string, core: string): Canary => ({
  name,
  parts: [core.slice(0, 12), core.slice(12)],
})

/** In which form a part of a canary stands in a text. */
type Form = 'plain' | 'hex' | 'base64'

interface Pattern {
  readonly canary: string
  readonly form: Form
  readonly bytes: Buffer
}

/** Looks for many patterns at once, in one pass over the bytes, by the first four of each. */
class Patterns {
  private readonly byStart = new Map<number, Pattern[]>()
  private readonly starts = new Uint8Array(65_536)

  constructor(patterns: readonly Pattern[]) {
    for (const pattern of patterns) {
      const start = pattern.bytes.readInt32BE()
      this.starts[start & 0xffff] = 1
      this.byStart.set(start, [...(this.byStart.get(start) ?? []), pattern])
    }
  }

  addFoundIn(bytes: Buffer, found: Map<string, Set<Form>>): void {
    let last = 0
    for (let at = 0; at < bytes.length; at += 1) {
      last = (last << 8) | (bytes[at] ?? 0)
      if (this.starts[last & 0xffff] === 0) continue
      for (const pattern of this.byStart.get(last) ?? [])
        if (pattern.bytes.equals(bytes.subarray(at - 3, at - 3 + pattern.bytes.length)))
          found.set(pattern.canary, (found.get(pattern.canary) ?? new Set<Form>()).add(pattern.form))
    }
  }
}

const base64Of = (part: string, shift: number): string =>
  Buffer.from(`${' '.repeat(shift)}${part}`)
    .toString('base64')
    .slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + part.length) * 8) / 6))

const toLower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

/** What is left of some bytes when those are passed over that a function does not keep. */
function kept(bytes: Buffer, keeps: (byte: number, at: number) => boolean): Buffer {
  const left = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (keeps(byte, at)) left[length++] = byte
  }
  return left.subarray(0, length)
}

const hexDigits = (bytes: Buffer): Buffer =>
  kept(bytes, (byte) => (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))

const [backslash, n] = Buffer.from('\\n')

/** Without white space, and without line breaks as JSON has them. */
const unbroken = (bytes: Buffer): Buffer =>
  kept(
    bytes,
    (byte, at) =>
      byte > 32 &&
      !(byte === backslash && bytes[at + 1] === n) &&
      !(byte === n && bytes[at - 1] === backslash),
  )

/** Finds canaries in texts, in whichever encoding they stand there. */
export class CanarySearch {
  private readonly plain: Patterns
  private readonly hex: Patterns
  private readonly base64: Patterns

  constructor(canaries: readonly Canary[]) {
    const patterns = (form: Form, formsOf: (part: string) => readonly string[]) =>
      new Patterns(
        canaries.flatMap(({ name: canary, parts }) =>
          parts.flatMap(formsOf).map((text) => ({ canary, form, bytes: Buffer.from(text) })),
        ),
      )
    this.plain = patterns('plain', (part) => [part.toLowerCase()])
    this.hex = patterns('hex', (part) => [Buffer.from(part).toString('hex')])
    this.base64 = patterns('base64', (part) => [0, 1, 2].map((shift) => base64Of(part, shift)))
  }

  /** One line for each canary in a text, with the forms in which it is there. */
  in(text: string): readonly string[] {
    const bytes = Buffer.from(text, 'latin1')
    const found = new Map<string, Set<Form>>()
    this.base64.addFoundIn(unbroken(bytes), found)
    const lower = bytes.map(toLower) as Buffer
    this.plain.addFoundIn(lower, found)
    this.hex.addFoundIn(hexDigits(lower), found)
    return [...found].map(([name, forms]) => [name, ...forms].join(' '))
  }

  /** The canaries in the files below a folder, each with its file; `isLeftOut` is told paths. */
  inFiles(folder: string, isLeftOut: (path: string) => boolean = () => false): readonly string[] {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
    return files
      .filter((path) => !isLeftOut(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true)
      .flatMap((path) => [
        ...new Set(piecesOf(path).flatMap((text) => this.in(text).map((line) => `${path}: ${line}`))),
      ])
  }
}

const pieceBytes = 8 * 1024 * 1024

/** A file in pieces that overlap, since none may be longer than a text can be. */
function piecesOf(path: string): readonly string[] {
  const file = openSync(path, 'r')
  try {
    const pieces: string[] = []
    const buffer = Buffer.alloc(pieceBytes)
    for (let at = 0; ; at += pieceBytes - 4096) {
      const read = readSync(file, buffer, 0, pieceBytes, at)
      pieces.push(buffer.toString('latin1', 0, read))
      if (read < pieceBytes) return pieces
    }
  } finally {
    closeSync(file)
  }
}

/** Every row of every table of a database, its own catalogs among them, as text. */
export async function everythingStored(
  client: Pick<Queryable, 'query'>,
  schemas = `table_schema not in ('pg_catalog', 'information_schema')`,
): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and ${schemas}`,
  )
  const tables: string[] = []
  for (const { name } of rows) {
    const found = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
    tables.push(found.rows.map(({ row }) => row).join('\n'))
  }
  return tables.join('\n')
}

/** Every history of a namespace. */
export async function everythingInTemporal(client: Client): Promise<string> {
  const histories: string[] = []
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    histories.push(JSON.stringify(readable(history)))
  }
  return histories.join('\n')
}

function readable(part: unknown): unknown {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('utf8')
  if (Array.isArray(part)) return part.map(readable)
  if (typeof part !== 'object' || part === null) return String(part)
  return Object.entries(part).map(([key, value]) => [key, readable(value)])
}

/** How often a process is looked at: a program may be replaced by another, with other arguments. */
const looks = 6
const everyMs = 15

/** Looks for canaries in the arguments and the environment of every process of the machine, for as long as it runs. */
export class ProcessWatch {
  private readonly ended = new AbortController()
  private readonly seen = new Map<string, number>()
  private readonly found = new Set<string>()
  private readonly running: Promise<void>

  constructor(
    private readonly search: CanarySearch,
    /** What a process may have in its environment, by what it is. */
    private readonly mayHave: (command: string, found: string) => boolean = () => false,
  ) {
    this.running = this.watch()
  }

  /** Ends it; gives what was found, and how many processes were looked at. */
  async end(): Promise<{ readonly found: readonly string[]; readonly processes: number }> {
    this.ended.abort()
    await this.running
    return { found: [...this.found], processes: this.seen.size }
  }

  private async watch(): Promise<void> {
    while (!this.ended.signal.aborted) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) this.look(pid)
      await sleep(everyMs)
    }
  }

  private look(pid: string): void {
    const looked = this.seen.get(pid) ?? 0
    if (looked >= looks) return
    const command = of(pid, 'cmdline').replaceAll('\0', ' ')
    if (command === '') {
      // One of the kernel's has none. Any other is just becoming another program, or has ended.
      if (of(pid, 'maps') === '' && of(pid, 'comm') !== '') this.seen.set(pid, looks)
      return
    }
    this.seen.set(pid, looked + 1)
    for (const line of this.search.in(command))
      this.found.add(`argument of ${command.slice(0, 200)}: ${line}`)
    for (const line of this.search.in(of(pid, 'environ')))
      if (!this.mayHave(command, line)) this.found.add(`environment of ${command.slice(0, 200)}: ${line}`)
  }
}

/** Empty for a process that has ended meanwhile. */
function of(pid: string, file: 'cmdline' | 'comm' | 'environ' | 'maps'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}
