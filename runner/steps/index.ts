import { assert } from './assert/index.ts'
import { command } from './command/index.ts'
import { defineKind } from './define-kind.ts'
import { endpointHttp } from './endpoint-http/index.ts'
import { file } from './file/index.ts'
import { httpCheck } from './http-check/index.ts'
import type { AnyStepKind } from './kind.ts'
import { loadTestKind } from './load-test/index.ts'
import { packageKind } from './package/index.ts'
import { service } from './service/index.ts'
import { syncFiles } from './sync-files/index.ts'
import { task } from './task/index.ts'

/** Every kind of step there is, by name. A new kind is a folder here and a line in this list, kept in order of name. */
const kinds: readonly AnyStepKind[] = [
  defineKind(assert),
  defineKind(command),
  defineKind(endpointHttp),
  defineKind(file),
  defineKind(httpCheck),
  defineKind(loadTestKind),
  defineKind(packageKind),
  defineKind(service),
  defineKind(syncFiles),
  defineKind(task),
]

export const stepKinds: ReadonlyMap<string, AnyStepKind> = new Map(kinds.map((kind) => [kind.name, kind]))
