import type { Said } from '../words/message.ts'
import type { MigrationEvent } from './event.ts'
import type { Migration } from './migration.ts'

/**
 * A reason as events and states have it. Text is what a person wrote, or what was recorded before the engine's reasons had
 * codes and values.
 */
export type RecordedReason = Said | string

type Read = readonly [pattern: RegExp, said: (found: string) => Said]

/** A system had one database and one folder of files then. */
const forms: readonly Read[] = [
  [
    /^marker-late-(\d+)s$/,
    (seconds) => ({ code: 'behind', values: { dataset: 'database', seconds: Number(seconds) } }),
  ],
  [
    /^files-late-(\d+)s$/,
    (seconds) => ({ code: 'behind', values: { dataset: 'files', seconds: Number(seconds) } }),
  ],
  [
    /^tables-not-followed-(\d+)$/,
    (count) => ({ code: 'tables-not-followed', values: { count: Number(count) } }),
  ],
  [
    /^files-(.+)$/,
    (because) => ({ code: 'files-not-carried', values: { dataset: 'files', because, failure: because } }),
  ],
]

/** A recorded reason, of whichever form, by code and values. */
export function readReason(reason: RecordedReason): Said {
  if (typeof reason !== 'string') return reason
  for (const [pattern, said] of forms) {
    const found = pattern.exec(reason)?.[1]
    if (found !== undefined) return said(found)
  }
  return { code: reason, values: {} }
}

/** A move as it was stored or handed on, the reasons of its way back by code and values. */
export function withReadReasons<M extends Pick<Migration, 'retention'>>(m: M): M {
  const { retention } = m
  if (retention === undefined) return m
  const { wayBack } = retention
  return {
    ...m,
    retention: { ...retention, wayBack: { ...wayBack, reasons: wayBack.reasons.map(readReason) } },
  }
}

/** An event as it was recorded, the reasons of a way back by code and values. */
export function withReadEvent(event: MigrationEvent): MigrationEvent {
  if (event.type !== 'way-back-changed') return event
  return { ...event, data: { ...event.data, reasons: event.data.reasons.map(readReason) } }
}
