import { showAccepted } from '../views/accepted.ts'
import { systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { reportMessages as m } from '../messages/recognition.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'

type ReportFlags = GlobalFlags & { readonly system: string }

export const addReportCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command(
      'show <system>',
      say(m.show),
      (y) =>
        systemArgument(y, say)
          .option('raw', { type: 'boolean', default: false, describe: say(m.flagRaw) })
          .option('digest', { type: 'string', describe: say(m.flagDigest) }),
      run(show),
    )
    .command(
      'amend <system>',
      say(m.amend),
      (y) =>
        systemArgument(y, say).option('remark', {
          type: 'string',
          demandOption: true,
          describe: say(m.flagRemark),
        }),
      run(amend),
    )

async function show(
  session: Session,
  { system, raw, digest: asked }: ReportFlags & { raw: boolean; digest: string | undefined },
) {
  const { fetchCheckedReport } = await import('../use-cases/checked-report.ts')
  const { reportLines } = await import('../views/report.ts')
  const { terminal, paint, say } = session
  const { bytes, digest, content } = await fetchCheckedReport(
    await session.api(),
    system,
    asked?.replace(/^sha256:/, ''),
  )
  if (raw) {
    terminal.printBytes(bytes)
    return exitCodes.ok
  }
  session.show({ digest, verified: true, sizeBytes: bytes.byteLength, report: content }, () => [
    ...reportLines(content, session.language),
    '',
    paint.good(say(m.verified, { bytes: bytes.byteLength, digest })),
  ])
  return exitCodes.ok
}

async function amend(session: Session, { system, remark }: ReportFlags & { remark: string }) {
  const answer = await (await session.api()).call('amendReport', { params: { system }, body: { remark } })
  return showAccepted(session, answer, m.didAmend)
}
