import { z } from 'zod'
import { digestOf, noFile, replaceFile } from '../../runner/ssh/replace-file.ts'
import { quote } from '../../runner/ssh/quote.ts'
import { ColdSideServesError } from './errors.ts'
import type { CommandsSide } from './side.ts'
import { sideFile } from './side-file.ts'

/** What a side has on record of itself, on its own host: what a switch that was cut off goes on from. */
const SideRecord = z.object({
  /** `copy`: it was made of another side, and serves nobody. */
  state: z.enum(['open', 'closed', 'copy']),
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

/** @throws the SSH error if the host does not answer */
export async function readRecord(side: CommandsSide): Promise<ReadRecord> {
  const file = sideFile(side.place, 'json')
  const script = `echo ${file}; if [ -e ${file} ]; then cat ${file}; fi`
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
  const files = (['json', 'alive', 'take'] as const).map((ending) => sideFile(side.place, ending))
  await side.host.run(`rm -f ${files.join(' ')}`)
}

/**
 * Makes sure that a side is a copy, or becomes one: what runs there and is on record as nothing else may be what a system works with.
 * @throws ColdSideServesError
 */
export async function noteCopy(side: CommandsSide): Promise<void> {
  const read = await readRecord(side)
  if (read.record?.state === 'copy') return
  if (read.record !== undefined) throw new ColdSideServesError(side.name, read.record.state)
  if (await side.asks('is-running')) throw new ColdSideServesError(side.name, 'running')
  await writeRecord(side, read, { state: 'copy', generation: 0, since: new Date().toISOString() })
}

/** Whether a side is on record as a copy; false where nothing is known of it. @throws ColdSideServesError for any other */
export async function isCopy(side: CommandsSide): Promise<boolean> {
  const { record } = await readRecord(side)
  if (record !== undefined && record.state !== 'copy') throw new ColdSideServesError(side.name, record.state)
  return record !== undefined
}
