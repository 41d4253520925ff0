import type { Client } from '@temporalio/client'
import type { OwnPlaces } from '../config/own-places.ts'
import { PlaybookStore } from '../config/playbooks.ts'
import { Launcher } from '../moves/launch.ts'
import { LedgerWatch } from '../moves/ledger-watch.ts'
import { MoveWatch } from '../moves/watch.ts'
import { ZoneWatch } from '../moves/zone-watch.ts'
import type { EventFeed } from '../storage/event-feed.ts'
import type { Pool } from '../storage/pool.ts'
import { Recording } from '../storage/recording.ts'
import { createStores, type Stores } from './stores.ts'
import { RefusalLog } from './use-cases/refusal-log.ts'

export interface ApiSettings {
  readonly consoleFolder: string
  /** Whether this server takes plans of a lab, whose months are seconds. */
  readonly isLab: boolean
  /** Where people look into Temporal; absent where it is not known. */
  readonly temporalUiUrl?: string
  /** How long a command may take to be accepted, by default 10 s, and to be seen in the projection, by default 5 s. */
  readonly commandTimeoutMs?: number
  readonly projectionTimeoutMs?: number
  /** How often every move is looked at for a workflow that ended; without it only a move that is asked for. */
  readonly lookEveryMs?: number
  /** How often and from which age on the looks at ways back are thinned; without it they are kept. */
  readonly thinning?: { readonly everyMs: number; readonly olderThanMs: number }
}

/** What the API stands on, as its process or a test hands it in. */
export interface ApiParts extends ApiSettings {
  readonly pool: Pool
  /** Open. The caller closes it after the server. */
  readonly feed: EventFeed
  readonly temporal: Client
  readonly playbooksFolder: string
  /** Places that no plan may name; default: none. */
  readonly ownPlaces?: OwnPlaces
}

/** Everything the routes use, built by hand, once. A use case names of it what it takes. */
export interface ApiContext {
  readonly pool: Pool
  readonly stores: Stores
  readonly feed: EventFeed
  readonly temporal: Client
  /** What begins moves, looks whether their workflows still carry them, and tells them what the ledger says. */
  readonly moves: { readonly launcher: Launcher; readonly watch: MoveWatch; readonly ledger: LedgerWatch }
  /** Whether the zones have runners. */
  readonly zones: ZoneWatch
  /** The playbooks as they are shipped; what plans froze of them is in the stores. */
  readonly playbooks: PlaybookStore
  readonly refusals: RefusalLog
  /** Whether what happens is recorded. */
  readonly recording: Recording
  readonly ownPlaces: OwnPlaces | undefined
  readonly settings: ApiSettings & Required<Pick<ApiSettings, 'commandTimeoutMs' | 'projectionTimeoutMs'>>
}

/** The part of the context of whoever takes of the stores these alone. */
export interface WithStores<K extends keyof Stores> {
  readonly stores: Pick<Stores, K>
}

export function createContext(parts: ApiParts): ApiContext {
  const { pool, feed, temporal, playbooksFolder, ownPlaces, ...given } = parts
  const settings = { commandTimeoutMs: 10_000, projectionTimeoutMs: 5_000, ...given }
  const stores = createStores(pool)
  const playbooks = new PlaybookStore(playbooksFolder)
  const asked = { ...stores, temporal, playbooks, withinMs: settings.commandTimeoutMs }
  const watch = new MoveWatch(asked)
  return {
    pool,
    stores,
    feed,
    temporal,
    moves: { launcher: new Launcher({ ...asked, watch }), watch, ledger: new LedgerWatch(asked) },
    zones: new ZoneWatch({ temporal }),
    playbooks,
    refusals: new RefusalLog(stores.audit),
    recording: new Recording(pool),
    ownPlaces,
    settings,
  }
}
