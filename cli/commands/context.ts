import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

import { writeContexts, type Context, type ContextFile } from '../../config/contexts.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { CliError, UsageError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { contextFileInForce, readContextFile } from '../identity/identity.ts'
import { sentence } from '../language/message.ts'
import { contextMessages as m } from '../messages/context.ts'
import { errorMessages } from '../messages/errors.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { nameValueLines, table } from '../terminal/table.ts'

export const addContextCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command('list', say(m.list), (y) => y, run(list))
    .command(
      'use <name>',
      say(m.use),
      (y) => y.positional('name', { type: 'string', demandOption: true, describe: say(m.name) }),
      run(use),
    )
    .command('show', say(m.show), (y) => y, run(show))
    .command(
      'set <name>',
      say(m.set),
      (y) =>
        y
          .positional('name', { type: 'string', demandOption: true, describe: say(m.name) })
          .option('role', { type: 'string', describe: say(m.roleFlag) })
          .option('organisation', { type: 'string', describe: say(m.organisationFlag) })
          .option('remove', { type: 'boolean', default: false, describe: say(m.remove) }),
      run(set),
    )

function opened(session: Session): { path: string; file: ContextFile } {
  const path = contextFileInForce(session.variables)
  return { path, file: readContextFile(path) }
}

async function list(session: Session) {
  const { path, file } = opened(session)
  const entries = Object.entries(file.contexts)
  const current = session.flags.context ?? file.current
  session.show(
    {
      file: path,
      current: current ?? null,
      contexts: entries.map(([name, context]) => ({ name, ...context })),
    },
    () =>
      entries.length === 0
        ? [session.say(m.none, { path })]
        : table(
            [
              '',
              ...[m.columnName, m.columnAccount, m.columnRole, m.columnKey, m.columnServer].map((title) =>
                session.say(title),
              ),
            ],
            entries.map(([name, context]) => [
              name === current ? session.paint.good('*') : '',
              name,
              context.account,
              context.role ?? '',
              session.say(context.keyFile === undefined ? m.no : m.yes),
              context.server,
            ]),
            session.paint.strong,
          ),
  )
  return exitCodes.ok
}

async function use(session: Session, { name }: GlobalFlags & { name: string }) {
  const { path, file } = opened(session)
  const context = known(session, file, path, name)
  writeContexts(path, { ...file, current: name })
  const { account, server } = context
  session.show({ current: name, account, server }, () => [session.say(m.used, { name, account, server })])
  return exitCodes.ok
}

async function show(session: Session) {
  const { identity, say } = session
  const path = contextFileInForce(session.variables)
  const me = await whoAmI(session)
  const file = (name: string | undefined) =>
    name === undefined || existsSync(name) ? name : say(m.noSuchFile, { path: name })
  const { failure, ...account } = me
  session.show({ ...identity, file: path, ...account }, () =>
    nameValueLines(
      [
        [say(m.contextLabel), identity.contextName],
        [say(m.server), identity.server],
        [say(m.account), me.account ?? identity.account],
        [say(m.role), me.role],
        [say(m.organisation), me.organisation],
        [say(m.tokenFile), file(identity.tokenFile)],
        [say(m.keyFile), file(identity.keyFile)],
        [say(m.file), path],
      ],
      session.paint.quiet,
    ),
  )
  if (failure) throw failure
  return exitCodes.ok
}

/** What the server says of the account; `failure` is why it does not. */
async function whoAmI(session: Session) {
  try {
    const { account, role, organisation } = await (await session.api()).call('me')
    return { account, role, organisation }
  } catch (failure) {
    if (failure instanceof CliError) return { failure }
    throw failure
  }
}

async function set(
  session: Session,
  args: GlobalFlags & {
    name: string
    role: string | undefined
    organisation: string | undefined
    remove: boolean
  },
) {
  const { path, file } = opened(session)
  const { name } = args
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) throw new UsageError(sentence(m.badName, { name }))
  if (args.remove) {
    known(session, file, path, name)
    const { [name]: _removed, ...contexts } = file.contexts
    const { current, ...rest } = file
    writeContexts(path, {
      ...rest,
      contexts,
      ...(current === name || current === undefined ? {} : { current }),
    })
    session.show({ removed: name, file: path }, () => [session.say(m.removed, { name, path })])
    return exitCodes.ok
  }
  const context = changed(file.contexts[name], args)
  const current = file.current ?? name
  writeContexts(path, { current, contexts: { ...file.contexts, [name]: context } })
  session.show({ name, ...context, file: path }, () => [session.say(m.written, { name, path })])
  return exitCodes.ok
}

function changed(
  before: Context | undefined,
  args: GlobalFlags & { name: string; role: string | undefined; organisation: string | undefined },
): Context {
  const server = args.server ?? before?.server
  const account = args.account ?? before?.account
  const tokenFile = args['token-file'] ?? before?.tokenFile
  const keyFile = args['key-file'] ?? before?.keyFile
  const role = args.role ?? before?.role
  const organisation = args.organisation ?? before?.organisation
  if (server === undefined || account === undefined || tokenFile === undefined) {
    const wanted = { '--server': server, '--account': account, '--token-file': tokenFile }
    const flags = Object.entries(wanted).flatMap(([flag, value]) => (value === undefined ? [flag] : []))
    throw new UsageError(sentence(m.missing, { flags: flags.join(', '), name: args.name }))
  }
  if (!URL.canParse(server)) throw new UsageError(sentence(errorMessages.notAnAddress, { server }))
  return {
    server,
    account,
    ...(role === undefined ? {} : { role }),
    ...(organisation === undefined ? {} : { organisation }),
    tokenFile: resolve(tokenFile),
    ...(keyFile === undefined ? {} : { keyFile: resolve(keyFile) }),
  }
}

function known(session: Session, file: ContextFile, path: string, name: string): Context {
  const context = file.contexts[name]
  if (context !== undefined) return context
  const names = Object.keys(file.contexts).join(', ') || session.say(errorMessages.none)
  throw new UsageError(sentence(errorMessages.unknownContext, { name, path, names }))
}
