import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

import type { AuditPage } from '../../api/contract.ts'
import type { Said } from '../../domain/words/message.ts'
import { nameOf, say as sayIn } from '../../domain/words/said.ts'
import type { ChainHead } from '../use-cases/audit-chain.ts'
import { countFlag } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { CheckFailedError, UsageError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { sentence, speak } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import { auditMessages as m } from '../messages/playbook.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { table } from '../terminal/table.ts'
import { Moments } from '../views/moment.ts'

export const addAuditCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command(
      'list',
      say(m.list),
      (y) =>
        y
          .option('after', { type: 'string', describe: say(m.flagAfter) })
          .option('limit', { type: 'string', default: '50', describe: say(m.flagLimit) }),
      run(list),
    )
    .command(
      'verify [file]',
      say(m.verify),
      (y) =>
        y
          .positional('file', { type: 'string', describe: say(m.argFile) })
          .option('head', { type: 'string', describe: say(m.flagHead) }),
      run(verify),
    )
    .command(
      'export',
      say(m.export),
      (y) => y.option('output', { alias: 'o', type: 'string', describe: say(m.flagOutput) }),
      run(exportLog),
    )

async function list(session: Session, flags: GlobalFlags & { after: string | undefined; limit: string }) {
  const limit = countFlag('--limit', flags.limit, { min: 1, max: 1000 })
  const after = flags.after === undefined ? undefined : countFlag('--after', flags.after)
  const api = await session.api()
  const newest = async () => (await api.call('listAudit', { query: { after: 0, limit: 1 } })).newest
  const start = after ?? Math.max(0, (await newest()) - limit)
  const page = await api.call('listAudit', { query: { after: start, limit } })
  session.show(page, () => auditTable(session, page))
  return exitCodes.ok
}

function auditTable(session: Session, { lines, more, through }: AuditPage): string[] {
  const { say, paint, program } = session
  const next = more ? [say(m.more, { program, after: through })] : []
  if (lines.length === 0) return [say(m.empty), ...next]
  const moments = new Moments(session, session.timeZone)
  const columns = [m.columnSequence, m.columnAt, m.columnKind, m.columnWho, m.columnSubject, m.columnDetail]
  return [
    ...table(
      columns.map((title) => say(title)),
      lines.map(({ entry }) => [
        String(entry.sequence),
        moments.at(entry.atMs),
        entry.kind === 'refusal' ? paint.warn(entry.kind) : entry.kind,
        entry.actor === undefined ? say(m.nobody) : entry.actor.account,
        entry.subject,
        detailText(entry.detail),
      ]),
      paint.strong,
    ),
    ...next,
  ]
}

/** What an entry says in one of the fields people look for. */
function detailText(detail: Readonly<Record<string, unknown>>): string {
  const event = detail['event'] as { readonly type?: unknown } | undefined
  const parts = [
    detail['profile'] === 'lab' ? '[lab]' : undefined,
    detail['type'],
    event?.type,
    detail['code'],
    detail['action'],
    detail['outcome'],
    detail['message'],
  ]
  return parts.filter((part) => typeof part === 'string').join(' ')
}

async function verify(
  session: Session,
  { file, head }: GlobalFlags & { file: string | undefined; head: string | undefined },
) {
  const kept = head === undefined ? undefined : headFlag(head)
  if (file === undefined) return verifyServer(session, kept)
  const { say } = session
  const { verdict, reason } = await verifiedHere(session, file, kept)
  session.show({ ...verdict, file }, () =>
    verdict.verified
      ? [
          session.paint.good(say(m.verified, { entries: verdict.entries, ...verdict.head })),
          say(m.recomputedHere, { file }),
        ]
      : [],
  )
  return brokenChain(session, verdict, reason)
}

/** The whole record, as the server holds it against itself; with a head that was kept, also the chain as it is streamed here. */
async function verifyServer(session: Session, kept: ChainHead | undefined) {
  const { program, say, paint } = session
  const verdict = await (await session.api()).call('verifyAudit')
  const here = kept === undefined ? undefined : await verifiedHere(session, undefined, kept)
  const holds = verdict.verified && here?.verdict.verified !== false
  const { firstBad } = here?.verdict ?? {}
  session.show({ ...verdict, verified: holds, ...(firstBad === undefined ? {} : { firstBad }) }, () => [
    ...(holds ? [paint.good(say(m.verified, { entries: verdict.entries, ...verdict.head }))] : []),
    ...verdict.faults.flatMap(({ what, next }) => [
      paint.bad(`- ${saying(session, what)}`),
      `  ${saying(session, next)}`,
    ]),
    say(m.looked, {
      looked: verdict.looked
        .map(({ table, records }) => `${nameOf(session.language, 'auditTable', table)} ${records}`)
        .join(', '),
    }),
    say(m.notLooked),
    ...verdict.notLooked.map((what) => `- ${saying(session, what)}`),
    say(m.recomputedThere, { program }),
  ])
  if (here !== undefined && !here.verdict.verified) return brokenChain(session, here.verdict, here.reason)
  const [first] = verdict.faults
  if (verdict.verified || session.json) return verdict.verified ? exitCodes.ok : exitCodes.refused
  const { faultCount: count } = verdict
  throw new CheckFailedError(
    'record-differs',
    sentence(m.differs, { count, first: first === undefined ? '' : saying(session, first.what) }),
  )
}

const saying = ({ language }: Session, what: Said): string => sayIn(language, what)

function brokenChain(
  session: Session,
  verdict: { readonly firstBad?: { readonly sequence: number; readonly reason: string } },
  reason: string | undefined,
) {
  if (verdict.firstBad === undefined) return exitCodes.ok
  const text = reason ?? verdict.firstBad.reason
  const broken = sentence(m.broken, {
    sequence: verdict.firstBad.sequence,
    reason: text.replace(/[.。]$/, ''),
  })
  if (session.json) return exitCodes.refused
  throw new CheckFailedError('chain-broken', broken)
}

/** Over an exported file, or over the log as the server streams it. */
async function verifiedHere(session: Session, file: string | undefined, kept: ChainHead | undefined) {
  const { verifyChain } = await import('../use-cases/audit-chain.ts')
  const input = file === undefined ? await exportStream(session) : await fileStream(file)
  const found = await verifyChain(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), kept)
  const reason = found.firstBad && speak(session.language, found.firstBad.reason)
  const firstBad = found.firstBad && { sequence: found.firstBad.sequence, reason: reason ?? '' }
  const { verified, entries, head } = found
  return { verdict: { verified, entries, head, ...(firstBad ? { firstBad } : {}) }, reason }
}

async function fileStream(path: string): Promise<Readable> {
  try {
    await (await open(path)).close()
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UsageError(sentence(errorMessages.unreadableFile, { path, cause }))
  }
  return createReadStream(path)
}

async function exportStream(session: Session): Promise<Readable> {
  return (await (await session.api()).fetch('exportAudit', { signal: session.interrupted })).stream
}

async function exportLog(session: Session, { output }: GlobalFlags & { output: string | undefined }) {
  const input = await exportStream(session)
  if (output === undefined) {
    for await (const chunk of input) session.terminal.printBytes(chunk as Uint8Array)
    return exitCodes.ok
  }
  const file = await open(output, 'w', 0o600).catch((error: unknown) => {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UsageError(sentence(errorMessages.unwritableFile, { path: output, cause }))
  })
  let entries = 0
  try {
    for await (const chunk of input) {
      const bytes = chunk as Uint8Array
      entries += bytes.filter((byte) => byte === 10).length
      await file.writeFile(bytes)
    }
  } finally {
    await file.close()
  }
  session.show({ file: output, entries }, () => [session.say(m.exported, { entries, file: output })])
  return exitCodes.ok
}

function headFlag(head: string): ChainHead {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(head) ?? []
  if (sequence === undefined || hash === undefined) throw new UsageError(sentence(m.badHead, { head }))
  return { sequence: Number(sequence), hash }
}
