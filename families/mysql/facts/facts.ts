/** A table of the database, with what a row of it is known by. */
export interface TableFacts {
  readonly table: string
  /** As the server has it; undefined of a view and of a table whose engine is gone. */
  readonly engine: string | undefined
  readonly kind: 'table' | 'view' | 'sequence' | 'versioned' | 'other'
  readonly bytes: number
  readonly hasKey: boolean
  /** Character sets of its columns. */
  readonly characterSets: readonly string[]
  /** Columns whose default, or whose rows, may hold the date zero. */
  readonly zeroDates: readonly string[]
}

/** What was found of a server, and of the database of a side there. Plain JSON. */
export interface MysqlFacts {
  readonly place: string
  readonly version: string
  /** Whose server it is, of those that speak this protocol. */
  readonly product: 'mariadb' | 'other'
  readonly major: number
  readonly minor: number
  readonly exists: boolean
  readonly variables: Readonly<Record<string, string>>
  readonly tables: readonly TableFacts[]
  readonly neighbours: readonly string[]
  readonly events: readonly { readonly event: string; readonly definer: string; readonly isOn: boolean }[]
  /** Definers of what the database holds that are no account of the server. */
  readonly definersGone: readonly string[]
  readonly accounts: readonly {
    readonly account: string
    readonly locked: boolean
    /** Rights at the whole server, by which it can write past "read_only" or undo a fence. */
    readonly powers: readonly string[]
    readonly plugins: readonly string[]
  }[]
  readonly otherChannels: readonly string[]
  /** Who follows the server, but for the other side. */
  readonly followers: readonly string[]
  readonly preparedTransactions: number
  readonly hasTimeZones: boolean
  readonly plugins: readonly string[]
  /** Whether the administrator has every right, to give it on. */
  readonly adminMayAll: boolean
  readonly outageToSurviveMs: number
}
