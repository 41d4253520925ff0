import { defineKind } from './define-kind.ts'
import type { AnyStepKind } from './kind.ts'
import { endpointHttp } from './endpoint-http/index.ts'
import { httpCheck } from './http-check/index.ts'
import { loadTestKind } from './load-test/index.ts'
import { task } from './task/index.ts'

/** Every kind of step there is, by name. A new kind is a folder here and a line in this list, kept in order of name. */
const kinds: readonly AnyStepKind[] = [
  defineKind(endpointHttp),
  defineKind(httpCheck),
  defineKind(loadTestKind),
  defineKind(task),
]

export const stepKinds: ReadonlyMap<string, AnyStepKind> = new Map(kinds.map((kind) => [kind.name, kind]))
