import { writeFileSync } from 'node:fs'
import type { SystemView } from '../../api/contract.ts'
import { bindings } from '../command-line/bindings.ts'
import type { GlobalArgv } from '../command-line/command-line.ts'
import { UsageError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { sentence, type Say } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import { planDraftMessages as m } from '../messages/plan-draft.ts'
import { planDraft, reasonsAgainst } from '../views/plan-draft/draft.ts'
import {
  type DraftHost,
  hostName,
  type HostRole,
  hostRoles,
  secretKinds,
  type SecretKind,
} from '../views/plan-draft/known.ts'

interface InitFlags extends GlobalFlags {
  readonly from: string
  readonly plan?: string | undefined
  readonly host?: readonly string[] | undefined
  readonly entry?: string | undefined
  /** A flag of other commands by this name may be given several times. */
  readonly database?: string | readonly string[] | undefined
  readonly 'use-secret'?: readonly string[] | undefined
  readonly provider?: string | undefined
  readonly vendor?: string | undefined
  readonly operations?: string | undefined
  readonly output?: string | undefined
}

export const initFlags = (argv: GlobalArgv, say: Say) =>
  argv
    .option('from', { type: 'string', demandOption: true, describe: say(m.flagFrom) })
    .option('plan', { type: 'string', describe: say(m.flagPlan) })
    .option('host', { type: 'string', array: true, describe: say(m.flagHost) })
    .option('entry', { type: 'string', describe: say(m.flagEntry) })
    .option('database', { type: 'string', describe: say(m.flagDatabase) })
    .option('use-secret', { type: 'string', array: true, describe: say(m.flagSecret) })
    .option('provider', { type: 'string', describe: say(m.flagProvider) })
    .option('vendor', { type: 'string', describe: say(m.flagVendor) })
    .option('operations', { type: 'string', describe: say(m.flagOperations) })
    .option('output', { alias: 'o', type: 'string', describe: say(m.flagOutput) })

/** Writes a plan of a system as far as the ledger, the server and the flags know it. */
export async function init(session: Session, flags: InitFlags) {
  const { from, entry, output } = flags
  const database = databaseIn(flags.database)
  const hosts = hostsIn([...(flags.host ?? []), ...(entry === undefined ? [] : [`entry=${entry}`])])
  const secrets = secretsIn(from, flags['use-secret'] ?? [])
  const api = await session.api()
  const [system, me, { playbooks }] = await Promise.all([
    api.call('showSystem', { params: { system: from } }),
    api.call('me'),
    api.call('listPlaybooks'),
  ])
  const { say, program, timeZone } = session
  const known = {
    plan: named('--plan', flags.plan) ?? `${from}-${String(new Date().getFullYear())}`,
    system,
    hosts,
    secrets,
    database,
    organisations: {
      coordinator: me.role === 'coordinator' ? me.organisation : undefined,
      owner: system.department,
      vendor: vendorOf(system, named('--vendor', flags.vendor)),
      provider: named('--provider', flags.provider),
      operations: named('--operations', flags.operations),
    },
    playbooks: playbooks.map(({ name }) => name),
    timeZone,
  }
  const draft = planDraft(known, { say, program })
  const { plan } = known
  const told = { plan, system: from, missing: draft.missing }
  if (output === undefined) {
    session.show({ ...told, yaml: draft.toString() }, () => draft.lines)
    return exitCodes.ok
  }
  write(output, draft.toString())
  session.show({ ...told, file: output }, () => [
    say(m.written, { path: output, count: draft.missing, program }),
    ...reasonsAgainst(system, say).map((reason) => session.paint.warn(say(m.cannot, { reason }))),
  ])
  return exitCodes.ok
}

function databaseIn(given: InitFlags['database']): string | undefined {
  const value = [given].flat().at(-1)
  if (value !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(value))
    throw new UsageError(sentence(m.badDatabase, { value }))
  return value
}

const name = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

function named(flag: string, value: string | undefined): string | undefined {
  if (value !== undefined && !name.test(value)) throw new UsageError(sentence(m.badName, { flag, value }))
  return value
}

function vendorOf({ system, vendor: known }: SystemView, vendor: string | undefined): string | undefined {
  if (known !== undefined && vendor !== undefined && vendor !== known)
    throw new UsageError(sentence(m.vendorOfLedger, { vendor, known, system }))
  return known ?? vendor
}

const roleOf = (given: string): HostRole | undefined =>
  hostRoles.find((role) => role === given || hostName(role) === given)

/** Hosts of one role are numbered where there are several: a name belongs to one host. */
function hostsIn(values: readonly string[]): readonly DraftHost[] {
  const given = values.map((value) => {
    const [, called = '', user = '', bracketed, address = bracketed ?? '', port] =
      /^([a-z]+)=([a-z_][a-z0-9_-]{0,31})@(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9][A-Za-z0-9.-]*))(?::(\d{1,5}))?$/.exec(
        value,
      ) ?? []
    const role = roleOf(called)
    if (role === undefined || Number(port ?? 22) > 65_535 || Number(port ?? 22) < 1)
      throw new UsageError(sentence(m.badHost, { value }))
    return { role, user, address, ...(port === undefined ? {} : { port: Number(port) }) }
  })
  return given.map((host, index) => {
    const ofRole = given.filter(({ role }) => role === host.role)
    const number = given.slice(0, index + 1).filter(({ role }) => role === host.role).length
    const base = hostName(host.role)
    return { ...host, name: ofRole.length === 1 ? base : `${base}-${String(number)}` }
  })
}

function secretsIn(system: string, values: readonly string[]): Readonly<Record<SecretKind, string>> {
  const given = new Map(bindings('--use-secret', values, 'ssh=permit-office-ssh'))
  for (const [kind, value] of given)
    if (!secretKinds.some((one) => one === kind) || !name.test(value))
      throw new UsageError(
        sentence(m.badSecret, { value: `${kind}=${value}`, kinds: secretKinds.join(', ') }),
      )
  const all = secretKinds.map((kind) => [kind, given.get(kind) ?? `${system}-${kind}`] as const)
  return Object.fromEntries(all) as Record<SecretKind, string>
}

/** A file that is there may hold what people have filled in already. */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UsageError(
      cause === 'EEXIST'
        ? sentence(m.fileThere, { path })
        : sentence(errorMessages.unwritableFile, { path, cause }),
    )
  }
}
