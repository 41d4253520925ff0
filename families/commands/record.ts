import { createHash } from 'node:crypto'
import { z } from 'zod'
import { digestOf, noFile, replaceFile } from '../../runner/ssh/replace-file.ts'
import { quote } from '../../runner/ssh/quote.ts'
import { ColdSideServesError } from './errors.ts'
import type { CommandsSide } from './side.ts'

/** What a side has on record of itself, on its own host: what a switch that was cut off goes on from. */
const SideRecord = z.object({
  state: z.enum(['open', 'closed']),
  /** Counts the switches of the pair. */
  generation: z.int().min(0),
  /** When it was opened or closed, an instant (ISO 8601). */
  since: z.string(),
  /** Of a side that is closed: until when its switch may go on, an instant. */
  goesOnUntil: z.string().optional(),
  /** Of a side that is closed: the other one serves. Changing it to this is the commit point of a switch. */
  decided: z.literal(true).optional(),
  /** Of a side that was opened as it had been left: when that was. */
  leftAt: z.string().optional(),
  /** What the switch had come to as it was decided. */
  switched: z.record(z.string(), z.unknown()).optional(),
})
export type SideRecord = z.infer<typeof SideRecord>

/** A record as it was read, and what a change of it is held against. */
export interface ReadRecord {
  readonly path: string
  readonly record: SideRecord | undefined
  readonly digest: string
}

/** By the folders that hold the data: two datasets never share one. */
function nameOf({ place }: CommandsSide): string {
  return createHash('sha256')
    .update([...place.paths].sort().join('\n'))
    .digest('hex')
    .slice(0, 20)
}

/** @throws the SSH error if the host does not answer */
export async function readRecord(side: CommandsSide): Promise<ReadRecord> {
  const file = `$HOME/.qianyun/sides/${nameOf(side)}.json`
  const script = `echo "${file}"; if [ -e "${file}" ]; then cat "${file}"; fi`
  const { stdout } = await side.host.run(script)
  const cut = stdout.indexOf('\n')
  const [path, text] = [stdout.slice(0, cut), stdout.slice(cut + 1)]
  if (text === '') return { path, record: undefined, digest: noFile }
  return { path, record: SideRecord.parse(JSON.parse(text)), digest: digestOf(text) }
}

/** Replaces what was read. @throws FileChangedError if somebody else has changed it since */
export async function writeRecord(
  side: CommandsSide,
  { path, digest }: ReadRecord,
  record: SideRecord,
): Promise<ReadRecord> {
  const text = `${JSON.stringify(record)}\n`
  await side.host.run(`umask 077; mkdir -p ${quote(path.slice(0, path.lastIndexOf('/')))}`)
  await replaceFile(side.host, path, text, { mode: '0600', expected: digest })
  return { path, record, digest: digestOf(text) }
}

export async function removeRecord(side: CommandsSide): Promise<void> {
  const { path } = await readRecord(side)
  await side.host.run(`rm -f ${quote(path)}`)
}

/** @throws ColdSideServesError for a side that is on record as the one that serves */
export async function assertNotServing(side: CommandsSide): Promise<void> {
  const { record } = await readRecord(side)
  if (record?.state === 'open') throw new ColdSideServesError(side.name, 'open')
}
