import type { z } from 'zod'
import { commandRoles, type CommandName } from '../../domain/move/command.ts'
import { roles, type Role } from '../../domain/organisation.ts'
import { MoveParams, NoBody, Nothing, TaskParams } from './identifiers.ts'
import { CommandAnswer } from './commands.ts'
import type { Route } from './route.ts'

const everyone: readonly [Role, ...Role[]] = roles

export const empty = { params: Nothing, query: Nothing, body: NoBody, status: 200 } as const

/** The people among those who may give a command. */
const may = (command: CommandName): readonly [Role, ...Role[]] => {
  const [first, ...rest] = commandRoles[command].filter((role) => role !== 'engine')
  if (first === undefined) throw new Error(`Nobody may give "${command}" over the API.`)
  return [first, ...rest]
}

export const command = <B extends z.ZodType>(name: CommandName, path: string, summary: string, body: B) =>
  ({
    ...empty,
    method: 'POST',
    path: `/migrations/:system/${path}`,
    summary,
    roles: may(name),
    status: 202,
    params: MoveParams,
    body,
    response: CommandAnswer,
  }) as const satisfies Route

export const taskCommand = <B extends z.ZodType>(name: CommandName, verb: string, summary: string, body: B) =>
  ({
    ...command(name, verb, summary, body),
    path: `/tasks/:migration/:task/${verb}`,
    params: TaskParams,
  }) as const

export const read = <P extends z.ZodType, Q extends z.ZodType, R extends z.ZodType>(
  path: string,
  summary: string,
  given: { params: P; query: Q; response: R; roles?: Route['roles'] },
) => ({ ...empty, method: 'GET', path, summary, roles: everyone, ...given }) as const satisfies Route

export const open = <R extends z.ZodType>(path: string, summary: string, response: R) =>
  ({ ...empty, method: 'GET', path, summary, roles: 'public', response }) as const satisfies Route

export const planning = ['coordinator', 'operations'] as const
export const playbookReaders = ['coordinator', 'operations', 'provider', 'vendor'] as const
export const runReaders = ['coordinator', 'operations', 'auditor'] as const
export const auditReaders = ['auditor', 'coordinator'] as const
