import { families } from '../../families/index.ts'
import { assert } from './assert/params.ts'
import { command } from './command/params.ts'
import { endpointHttp } from './endpoint-http/params.ts'
import { file } from './file/params.ts'
import { httpCheck } from './http-check/params.ts'
import type { ListedKind } from './kind.ts'
import { loadTestKind } from './load-test/params.ts'
import { packageKind } from './package/params.ts'
import { sameSecrets } from './same-secrets/params.ts'
import { scheduledJobs } from './scheduled-jobs/params.ts'
import { service } from './service/params.ts'
import { task } from './task/params.ts'
import { wipe } from './wipe/params.ts'

/** The kinds that know no family of datasets. A new kind is a folder here and a line in this list, which is in order of name. */
const genericKinds: readonly ListedKind[] = [
  { ...assert, load: () => import('./assert/index.ts') },
  { ...command, load: () => import('./command/index.ts') },
  { ...endpointHttp, load: () => import('./endpoint-http/index.ts') },
  { ...file, load: () => import('./file/index.ts') },
  { ...httpCheck, load: () => import('./http-check/index.ts') },
  { ...loadTestKind, load: () => import('./load-test/index.ts') },
  { ...packageKind, load: () => import('./package/index.ts') },
  { ...sameSecrets, load: () => import('./same-secrets/index.ts') },
  { ...scheduledJobs, load: () => import('./scheduled-jobs/index.ts') },
  { ...service, load: () => import('./service/index.ts') },
  { ...task, load: () => import('./task/index.ts') },
  { ...wipe, load: () => import('./wipe/index.ts') },
]

/** All kinds of steps by name: the generic ones and those of the families. */
export const stepKinds: ReadonlyMap<string, ListedKind> = new Map(
  [...genericKinds, ...families.flatMap(({ steps }) => steps)]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((kind) => [kind.name, kind]),
)
