import {
  applicationsOf,
  datasetsOf,
  hostsOf,
  type PlanInput,
  type PlanView,
  sideRoles,
} from '../../api/contract.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { planMessages as m } from '../messages/ledger.ts'
import { planDraftMessages as draft } from '../messages/plan-draft.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { nameValueLines, table } from '../terminal/table.ts'
import { systemArgument } from '../command-line/arguments.ts'
import { init, initFlags } from './plan-init.ts'
import { Moments } from '../views/moment.ts'
import { placeText } from '../views/place.ts'
import { actorText } from '../views/who.ts'

export const addPlanCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command(
      'create <file>',
      say(m.create),
      (y) => y.positional('file', { type: 'string', demandOption: true, describe: say(m.argFile) }),
      run(create),
    )
    .command('init', say(draft.init), (y) => initFlags(y, say), run(init))
    .command('list', say(m.list), (y) => y, run(list))
    .command('methods <system>', say(m.methods), (y) => systemArgument(y, say), run(methods))
    .command('schema', say(m.schema), (y) => y, run(schema))
    .command(
      'show <plan>',
      say(m.show),
      (y) => y.positional('plan', { type: 'string', demandOption: true, describe: say(m.argPlan) }),
      run(show),
    )

async function create(session: Session, { file }: GlobalFlags & { file: string }) {
  const { readYaml } = await import('../command-line/read-file.ts')
  // The server checks it whole and names every problem; checking here too would only give two voices.
  const body = readYaml(file) as PlanInput
  const view = await (await session.api()).call('createPlan', { body })
  const { plan, system, digest } = view
  session.show(view, () => [
    session.say(m.created, { plan, system, digest, program: session.program }),
    ...sharedLines(session, view).map((line) => session.paint.warn(line)),
  ])
  return exitCodes.ok
}

async function list(session: Session) {
  const { plans } = await (await session.api()).call('listPlans')
  const { say, paint } = session
  const moments = new Moments(session, session.timeZone)
  const columns = [m.columnPlan, m.columnSystem, m.columnProfile, m.columnDigest, m.columnBy, m.columnAt]
  session.show({ plans }, () =>
    plans.length === 0
      ? [say(m.empty, { program: session.program })]
      : table(
          columns.map((title) => say(title)),
          plans.map((each) => [
            each.plan,
            each.system,
            say(m[each.profile]),
            `${each.digest.slice(0, 12)}…`,
            each.createdBy.account,
            moments.at(each.createdAtMs),
          ]),
          paint.strong,
        ),
  )
  return exitCodes.ok
}

async function schema(session: Session) {
  const document = await (await session.api()).call('planSchema')
  session.show(document, () => JSON.stringify(document, null, 2).split('\n'))
  return exitCodes.ok
}

/** How the datasets of a system cross: by its newest plan, or, where it has none, by what there is. */
async function methods(session: Session, { system }: GlobalFlags & { system: string }) {
  const { systemMethods } = await import('../use-cases/system-methods.ts')
  return systemMethods(session, system)
}

async function show(session: Session, { plan }: GlobalFlags & { plan: string }) {
  const view = await (await session.api()).call('showPlan', { params: { plan } })
  session.show(view, () => planLines(session, view))
  return exitCodes.ok
}

function planLines(session: Session, view: PlanView): string[] {
  const { say, paint } = session
  const { content } = view
  const { policy } = content
  const moments = new Moments(session, policy.timeZone)
  const lab = view.profile === 'lab' ? `  ${paint.warn(`[${say(m.lab)}]`)}` : ''
  const { playbooks } = content
  return nameValueLines(
    [
      [say(m.plan), `${paint.strong(view.plan)} → ${view.system}${lab}`],
      [say(m.digest), view.digest],
      [
        say(m.created2),
        say(m.createdLine, { at: moments.at(view.createdAtMs), actor: actorText(session, view.createdBy) }),
      ],
      [say(m.tracked), trackedLines(session, view)],
      [
        say(m.hosts),
        hostsOf(content).map(({ name, role, label, user, address, port }) =>
          [
            name === role ? `${role}:` : `${name} (${role}):`,
            ...(label === undefined ? [] : [`${label},`]),
            `${user}@${address}:${String(port)}`,
          ].join(' '),
        ),
      ],
      [
        say(m.datasets),
        datasetsOf(content).flatMap((dataset) =>
          sideRoles.map((role) => `${dataset.name} (${dataset.family}) ${role}: ${placeText(dataset[role])}`),
        ),
      ],
      [
        say(m.applications),
        applicationsOf(content).flatMap(({ name, sites }) =>
          sideRoles.map((role) => `${name} ${role}: ${sites[role].map(({ url }) => url).join('  ')}`),
        ),
      ],
      [
        say(m.playbooks),
        Object.entries(playbooks).map(([purpose, { name, digest, files = {} }]) =>
          [`${purpose}: ${name} sha256:${digest.slice(0, 12)}…`, ...Object.keys(files)].join('  '),
        ),
      ],
      [say(m.organisations), Object.entries(content.organisations).map(([role, name]) => `${role}: ${name}`)],
      [
        say(m.policy),
        say(m.policyLine, {
          profile: say(m[policy.profile]),
          trialRun: spanText(session, policy.trialRun),
          retention: spanText(session, policy.retention),
          parties: policy.parties.map((party) => say(names.role[party])).join(', '),
          timeZone: policy.timeZone,
        }),
      ],
      [say(m.shared), sharedLines(session, view)],
      [
        say(m.waivers),
        content.waivers.map(
          ({ rule, pattern, reason }) => `${rule === '*' ? pattern : `${rule} ${pattern}`}: ${reason}`,
        ),
      ],
    ],
    paint.quiet,
  )
}

function trackedLines({ say }: Session, { content: { tracked } }: PlanView): string[] | undefined {
  return (
    tracked && [
      say(m.trackedLine, { tool: tracked.tool, reason: tracked.reason }),
      `${tracked.old} → ${tracked.new}`,
      say(m.trackedLoses, { loses: tracked.rollbackLoses }),
    ]
  )
}

function sharedLines({ say }: Session, { sharedWith = [] }: PlanView): string[] {
  return sharedWith.map(({ plan, system, path, is }) => say(m.sharedLine, { plan, system, path, is }))
}

function spanText({ say }: Session, span: PlanView['content']['policy']['retention']): string {
  if ('months' in span) return say(m.months, { n: span.months })
  if ('days' in span) return say(m.days, { n: span.days })
  return say(m.seconds, { n: span.seconds })
}
