import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

import {
  contextFilePath,
  InvalidContextFileError,
  readContexts,
  type ContextFile,
} from '../../config/contexts.ts'
import { chooseHome } from '../../config/home.mjs'
import { NotSignedInError, UsageError } from '../command-line/errors.ts'
import { catalogued, speak, sentence } from '../language/message.ts'
import type { Language } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import { problemsSaid } from '../../domain/errors.ts'
import { errorMessages as m } from '../messages/errors.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What flags say about who acts where; each overrules its variable, and both overrule the context. */
export interface IdentityFlags {
  readonly context?: string | undefined
  readonly server?: string | undefined
  readonly account?: string | undefined
  readonly 'token-file'?: string | undefined
  readonly 'key-file'?: string | undefined
}

/** Who acts, and at which server. Secrets are named by file and read only when they are used. */
export interface Identity {
  readonly contextName?: string
  readonly server: string
  readonly account?: string
  readonly tokenFile?: string
  readonly keyFile?: string
}

/** The context file in force: that of the home folder where there is one, else the user's own. */
export function contextFileInForce(variables: Variables): string {
  const named = variables['QIANYUN_CONTEXT_FILE']
  if (named !== undefined && named !== '') return named
  const ofHome = contextFilePath(homeFolder(variables))
  if (existsSync(ofHome)) return ofHome
  return join(variables['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'qianyun', 'context.json')
}

/** Reads the context file. Throws UsageError with every problem of it. */
export function readContextFile(path: string): ContextFile {
  try {
    return readContexts(path)
  } catch (error) {
    if (error instanceof InvalidContextFileError) {
      throw new UsageError(
        catalogued(said('invalid-context-file', { path, problems: problemsSaid(error.problems) })),
      )
    }
    throw unreadable(path, error)
  }
}

/**
 * Puts flags, variables and the context together. An account named without a context is looked for among the contexts,
 * then among the accounts of the home folder.
 */
export function resolveIdentity(flags: IdentityFlags, variables: Variables, language: Language): Identity {
  const path = contextFileInForce(variables)
  const file = readContextFile(path)
  const account = flags.account ?? variable(variables, 'QIANYUN_ACCOUNT')
  const contextName =
    flags.context ?? variable(variables, 'QIANYUN_CONTEXT') ?? contextOfAccount(file, account)
  const context = contextName === undefined ? undefined : file.contexts[contextName]
  if (contextName !== undefined && context === undefined) {
    const names = Object.keys(file.contexts).join(', ') || speak(language, sentence(m.none))
    throw new UsageError(sentence(m.unknownContext, { name: contextName, path, names }))
  }
  const server =
    flags.server ?? variable(variables, 'QIANYUN_SERVER') ?? context?.server ?? defaultServer(variables)
  const ofContext = account === undefined || account === context?.account ? context : undefined
  const tokenFile =
    flags['token-file'] ??
    variable(variables, 'QIANYUN_TOKEN_FILE') ??
    ofContext?.tokenFile ??
    accountFile(variables, account, 'token')
  const keyFile =
    flags['key-file'] ??
    variable(variables, 'QIANYUN_KEY_FILE') ??
    ofContext?.keyFile ??
    accountFile(variables, account, 'key')
  return {
    ...(contextName !== undefined && ofContext !== undefined ? { contextName } : {}),
    server: checkedServer(server),
    ...((account ?? context?.account) ? { account: account ?? context?.account ?? '' } : {}),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  }
}

/** The bearer token, from QIANYUN_TOKEN or the identity's file. Throws NotSignedInError, UsageError. */
export function readToken(identity: Identity, variables: Variables, language: Language): string {
  const given = variable(variables, 'QIANYUN_TOKEN')
  if (given !== undefined) return given
  if (identity.tokenFile === undefined) {
    const forAccount =
      identity.account === undefined
        ? ''
        : speak(language, sentence(m.ofAccount, { account: identity.account }))
    throw new NotSignedInError(sentence(m.noToken, { server: identity.server, forAccount }))
  }
  return readPrivateFile(identity.tokenFile).trim()
}

/** Reads a file of a secret. Throws UsageError when it is missing, or open to other users. */
export function readPrivateFile(path: string): string {
  try {
    const { mode } = statSync(path)
    if ((mode & 0o077) !== 0) {
      throw new UsageError(
        sentence(m.exposedFile, { path, mode: (mode & 0o777).toString(8).padStart(4, '0') }),
      )
    }
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  return error instanceof UsageError || code === undefined
    ? error
    : new UsageError(sentence(m.unreadableFile, { path, cause: code }))
}

function homeFolder(variables: Variables): string {
  return chooseHome({ env: variables }).path
}

function variable(variables: Variables, name: string): string | undefined {
  const value = variables[name]?.trim()
  return value === '' ? undefined : value
}

function contextOfAccount(file: ContextFile, account: string | undefined): string | undefined {
  if (account === undefined) return file.current
  const current = file.current === undefined ? undefined : file.contexts[file.current]
  if (current?.account === account) return file.current
  const named = Object.entries(file.contexts).find(([, context]) => context.account === account)
  // Another account of the same server: its address still comes from the context in use.
  return named?.[0] ?? file.current
}

function accountFile(variables: Variables, account: string | undefined, ending: 'token' | 'key') {
  if (account === undefined || !/^[a-z0-9][a-z0-9._-]*$/.test(account)) return undefined
  const path = join(homeFolder(variables), 'accounts', `${account}.${ending}`)
  return existsSync(path) ? path : undefined
}

function defaultServer(variables: Variables): string {
  const port = variable(variables, 'QIANYUN_API_PORT') ?? '7070'
  return variable(variables, 'QIANYUN_API_URL') ?? `http://127.0.0.1:${port}`
}

function checkedServer(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(sentence(m.notAnAddress, { server }))
  }
  return url.href.replace(/\/$/, '')
}
