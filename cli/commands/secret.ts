import { chooseHome } from '../../config/home.mjs'
import { readSecretBindings, writeSecretBindings } from '../../config/secrets.ts'
import { type SecretPurpose, secretPurposes, useAddress } from '../../api/contract.ts'
import { reasonFlag } from '../command-line/arguments.ts'
import type { AddCommands, GlobalArgv } from '../command-line/command-line.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import type { Say } from '../language/message.ts'
import { secretMessages as m } from '../messages/secret.ts'
import { table } from '../terminal/table.ts'

interface UseFlags extends GlobalFlags {
  readonly secret: string
  readonly system: string
  readonly purpose: SecretPurpose
}

const useFlags = (argv: GlobalArgv, say: Say) =>
  argv
    .positional('secret', { type: 'string', demandOption: true, describe: say(m.argSecret) })
    .option('system', { type: 'string', demandOption: true, describe: say(m.flagSystem) })
    .option('purpose', {
      choices: secretPurposes,
      demandOption: true,
      describe: say(m.flagPurpose),
    })

export const addSecretCommands: AddCommands = (argv, { say, run }) => {
  const decision = (y: GlobalArgv) =>
    reasonFlag(useFlags(y, say), say).option('address', {
      type: 'string',
      demandOption: true,
      describe: say(m.flagAddress),
    })
  return argv
    .command(
      'bind <secret>',
      say(m.bind),
      (y) =>
        useFlags(y, say)
          .option('organisation', { type: 'string', demandOption: true, describe: say(m.flagOrganisation) })
          .option('address', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: say(m.flagAddress),
          }),
      run(bind),
    )
    .command('approve <secret>', say(m.approve), decision, run(decide(true)))
    .command('withdraw <secret>', say(m.withdraw), decision, run(decide(false)))
    .command('addresses', say(m.addresses), (y) => y, run(addresses))
}

/** On the machine that keeps the secrets: whoever may write them says what they are for. */
async function bind(
  session: Session,
  flags: UseFlags & { readonly organisation: string; readonly address: readonly string[] },
) {
  const { secret, organisation, system, purpose } = flags
  const { path: home } = chooseHome({ env: session.variables })
  const bindings = readSecretBindings(home, secret) ?? []
  const isSame = (one: (typeof bindings)[number]): boolean =>
    one.organisation === organisation && one.system === system && one.purpose === purpose
  const known = bindings.filter(isSame).flatMap((one) => one.addresses)
  const addresses = [...new Set([...known, ...flags.address.map(useAddress)])]
  const bound = { organisation, system, purpose, addresses }
  writeSecretBindings(home, secret, [...bindings.filter((one) => !isSame(one)), bound])
  session.show({ secret, ...bound }, () => [session.say(m.bound, { secret, ...bound })])
  return exitCodes.ok
}

const decide =
  (approved: boolean) =>
  async (session: Session, flags: UseFlags & { readonly address: string; readonly reason: string }) => {
    const { secret, system, purpose, address, reason } = flags
    const api = await session.api()
    const body = { secret, system, purpose, address, reason, approved }
    const answer = await api.call('decideSecretAddress', { body })
    session.show(answer, () => [session.say(approved ? m.approved : m.withdrawn, { ...answer })])
    return exitCodes.ok
  }

async function addresses(session: Session) {
  const answer = await (await session.api()).call('listSecretAddresses')
  const { say, paint } = session
  const columns = [
    m.columnSecret,
    m.columnSystem,
    m.columnPurpose,
    m.columnAddress,
    m.columnDecision,
    m.columnBy,
  ]
  session.show(answer, () =>
    answer.addresses.length === 0
      ? [say(m.none)]
      : table(
          columns.map((title) => say(title)),
          answer.addresses.map((one) => [
            one.secret,
            one.system,
            one.purpose,
            one.address,
            say(one.approved ? m.isApproved : m.isWithdrawn),
            `${one.by.account} (${one.organisation})`,
          ]),
          paint.strong,
        ),
  )
  return exitCodes.ok
}
