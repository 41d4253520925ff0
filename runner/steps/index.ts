import { defineKind } from './define-kind.ts'
import type { AnyStepKind } from './kind.ts'
import { assert } from './assert/index.ts'
import { command } from './command/index.ts'
import { endpointHttp } from './endpoint-http/index.ts'
import { endpointPgbouncer } from '../../families/postgresql/steps/endpoint/index.ts'
import { file } from './file/index.ts'
import { httpCheck } from './http-check/index.ts'
import { loadTestKind } from './load-test/index.ts'
import { packageKind } from './package/index.ts'
import { postgresCopy } from '../../families/postgresql/steps/copy/index.ts'
import { postgresDisarm } from '../../families/postgresql/steps/disarm/index.ts'
import { postgresRehearse } from '../../families/postgresql/steps/rehearse/index.ts'
import { postgresReopen } from '../../families/postgresql/steps/reopen/index.ts'
import { postgresReplicate } from '../../families/postgresql/steps/replicate/index.ts'
import { postgresSwitchover } from '../../families/postgresql/steps/switchover/index.ts'
import { postgresVerify } from '../../families/postgresql/steps/verify/index.ts'
import { service } from './service/index.ts'
import { syncFiles } from '../../families/files/steps/sync-files/index.ts'
import { task } from './task/index.ts'
import { wipe } from './wipe/index.ts'

/** Every kind of step there is, by name. A new kind is a folder here and a line in this list, kept in order of name. */
const kinds: readonly AnyStepKind[] = [
  defineKind(assert),
  defineKind(command),
  defineKind(endpointHttp),
  defineKind(endpointPgbouncer),
  defineKind(file),
  defineKind(httpCheck),
  defineKind(loadTestKind),
  defineKind(packageKind),
  defineKind(postgresCopy),
  defineKind(postgresDisarm),
  defineKind(postgresRehearse),
  defineKind(postgresReopen),
  defineKind(postgresReplicate),
  defineKind(postgresSwitchover),
  defineKind(postgresVerify),
  defineKind(service),
  defineKind(syncFiles),
  defineKind(task),
  defineKind(wipe),
]

export const stepKinds: ReadonlyMap<string, AnyStepKind> = new Map(kinds.map((kind) => [kind.name, kind]))
