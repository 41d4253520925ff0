import type { SignoffView } from '../../api/contract.ts'
import { systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { RefusedError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { speak } from '../language/message.ts'
import { signoffMessages as m } from '../messages/recognition.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { nameValueLines, table } from '../terminal/table.ts'
import { contextOfRole } from '../views/context-of-role.ts'
import { Moments } from '../views/moment.ts'

type SignoffFlags = GlobalFlags & { readonly system: string }

export const addSignoffCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command('show <system>', say(m.show), (y) => systemArgument(y, say), run(show))
    .command(
      'sign <system>',
      say(m.sign),
      (y) =>
        systemArgument(y, say).option('yes', {
          alias: 'y',
          type: 'boolean',
          default: false,
          describe: say(m.flagYes),
        }),
      run(async (session, flags: SignoffFlags & { yes: boolean }) => {
        const { signReport } = await import('../use-cases/sign-report.ts')
        return signReport(session, flags)
      }),
    )

async function show(session: Session, { system }: SignoffFlags) {
  const view = await (await session.api()).call('showSignoff', { params: { system } })
  session.show(view, () => signoffLines(session, view))
  return exitCodes.ok
}

function signoffLines(session: Session, view: SignoffView): string[] {
  const { say, paint, program } = session
  const { report, mine } = view
  const moments = new Moments(session, session.timeZone)
  const lab = view.profile === 'lab' ? `  ${paint.warn(`[${say(m.lab)}]`)}` : ''
  const organisation = view.parties.find(({ party }) => party === mine?.party)?.organisation
  const you =
    mine &&
    (mine.refusal
      ? say(m.youMayNot, {
          reason: speak(
            session.language,
            RefusedError.of({ status: 409, detail: mine.refusal.message, ...mine.refusal }).sentence,
          ),
        })
      : say(m.youMay, {
          party: say(names.role[mine.party]),
          command: paint.accent(
            `${program} signoff sign ${view.system}${contextOfRole(session, mine.party, organisation)}`,
          ),
        }))
  return [
    ...nameValueLines(
      [
        [say(m.move), `${view.migration} (${view.system})${lab}`],
        [
          say(m.report),
          report ? say(m.reportLine, { version: report.version, digest: report.digest }) : say(m.noReport),
        ],
        [say(m.remark), report === undefined || report.remark === '' ? undefined : report.remark],
        [say(m.recognised), say(view.recognised ? m.yes : m.no)],
        [say(m.you), you],
      ],
      paint.quiet,
    ),
    '',
    ...table(
      [m.columnParty, m.columnOrganisation, m.columnAccount, m.columnKey, m.columnAt].map((title) =>
        say(title),
      ),
      view.parties.map(({ party, organisation, signoff }) => [
        say(names.role[party]),
        organisation,
        signoff?.account ?? paint.warn(say(m.missing)),
        signoff?.keyId ?? '-',
        signoff ? moments.at(signoff.atMs) : '-',
      ]),
      paint.strong,
    ),
  ]
}
