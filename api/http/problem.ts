import { UnknownPlaybookError } from '../../config/playbooks.ts'
import { type InputProblem, InvalidInputError, QianyunError } from '../../domain/errors.ts'
import { PolicyUnderFloorError } from '../../domain/plan/policy.ts'
import type { Said } from '../../domain/words/message.ts'
import { said, say } from '../../domain/words/said.ts'
import { NotStoredError, OwnDatabaseAwayError } from '../../domain/ports/errors.ts'
import { isAway } from '../../storage/away.ts'
import type { Problem } from '../contract.ts'
import {
  AlreadyMovingError,
  CommandRefusedError,
  MoveEndedOutsideError,
  NotAnsweredError,
} from '../../moves/errors.ts'
import {
  HiddenError,
  OtherOrganisationError,
  RoleNotAllowedError,
  UnauthenticatedError,
} from '../errors/access.ts'
import { PlaybookFailedError, SignatureRefusedError, UnknownTaskError } from '../errors/asked.ts'
import { NotRecordingError } from '../errors/not-recording.ts'
import { MethodNotAllowedError, SecretInRequestError } from '../errors/http.ts'

/** Codes of refused commands that are not about the state a move is in. Every other refusal is a conflict. */
const refusalStatus: Readonly<Record<string, number>> = {
  'role-not-allowed': 403,
  'not-your-task': 403,
  'not-a-party': 403,
  'other-organisation': 403,
  'launcher-signs': 403,
  'unknown-task': 404,
  'evidence-missing': 422,
  'finding-reasons-missing': 422,
  'finding-reasons-unknown': 422,
  'window-refused': 422,
  'request-id-reused': 422,
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'No such method',
  408: 'Too slow',
  409: 'Not in this state',
  413: 'Too large',
  415: 'Wrong content type',
  422: 'Refused by the rules',
  431: 'Too large',
  500: 'Internal error',
  503: 'Not available',
}

/** What any error becomes for the caller (RFC 9457): the one place that knows. What is not known stays inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof InvalidInputError) {
    const status = error instanceof PolicyUnderFloorError ? 422 : 400
    const code = status === 422 ? 'policy-under-floor' : error.code
    return withProblems(problem(status, code, error.message), error)
  }
  if (error instanceof SecretInRequestError)
    return withProblems(problem(400, error.code, error.message), error)
  if (error instanceof OwnDatabaseAwayError) return problemWith(503, said('storage-unavailable'))
  if (error instanceof QianyunError) {
    const values = error.told && { values: error.told.values }
    return { ...problem(statusOf(error), error.code, error.message), ...values, ...extrasOf(error) }
  }
  return ofFramework(error) ?? ofNetwork(error) ?? internalProblem()
}

function withProblems(document: Problem, error: InvalidInputError | SecretInRequestError): Problem {
  const values = error.told && { values: { ...error.told.values } }
  return { ...document, ...values, problems: shownProblems(error.problems) }
}

/** Problems as the contract has them. */
export function shownProblems(problems: readonly InputProblem[]): NonNullable<Problem['problems']> {
  return problems.map(({ path, message, said: { code, values } }) => ({
    path,
    message,
    said: { code, values: { ...values } },
  }))
}

function statusOf(error: QianyunError): number {
  if (error instanceof UnauthenticatedError) return 401
  if (error instanceof RoleNotAllowedError || error instanceof OtherOrganisationError) return 403
  if (error instanceof MethodNotAllowedError) return 405
  if (error instanceof NotStoredError || error instanceof HiddenError) return 404
  if (error instanceof UnknownTaskError || error instanceof UnknownPlaybookError) return 404
  if (error instanceof CommandRefusedError) return refusalStatus[error.code] ?? 409
  if (error instanceof SignatureRefusedError) return error.code === 'other-digest' ? 409 : 422
  if (error instanceof PlaybookFailedError) return 422
  if (error instanceof NotAnsweredError || error instanceof NotRecordingError) return 503
  // What storage or a rule refuses because of what is there already.
  return 409
}

function extrasOf(error: QianyunError): Record<string, unknown> {
  if (error instanceof NotRecordingError) return { sinceMs: error.sinceMs }
  if (error instanceof AlreadyMovingError) return { system: error.system, migration: error.migration }
  if (error instanceof MoveEndedOutsideError) {
    const { system, migration, phase, step, serves, end } = error
    return { system, migration, phase, step, serves, end }
  }
  return {}
}

/** Of a word of the catalogue. */
export function problemWith(status: number, { code, values }: Said): Problem {
  return { ...problem(status, code, say('en', { code, values })), values: { ...values } }
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: `urn:qianyun:problem:${code}`, title: titles[status] ?? 'Refused', status, code, detail }
}

/** Fastify's own refusals, which come before any of our code. */
function ofFramework(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problemWith(415, said('wrong-content-type'))
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problemWith(413, said('body-too-large'))
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return problemWith(400, said('malformed-json'))
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problemWith(400, said('wrong-length'))
  }
  const status = Number(error.statusCode)
  if (status === 400) return problemWith(400, said('malformed-request'))
  return status > 400 && status < 500 ? problemWith(status, said('refused')) : undefined
}

/** As an error of its client has it that no pool has named. Nothing was changed: a transaction that does not end is rolled back. */
function ofNetwork(error: unknown): Problem | undefined {
  return isAway(error) ? problemWith(503, said('storage-unavailable')) : undefined
}

function internalProblem(): Problem {
  return problemWith(500, said('internal'))
}
