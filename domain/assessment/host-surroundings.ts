/** What programs and data of a host depend on there, beside its regional settings. */
export interface HostSurroundings {
  /** How far its clock is ahead of the runner's: known as exactly as the question took to be answered; absent if the host does not tell. */
  readonly clockAheadMs?: { readonly atLeast: number; readonly atMost: number }
  /** Certificates that somebody has added to those the host trusts: names of their files, by digest. */
  readonly authorities: ReadonlyMap<string, string>
  /** What its web server and PHP take at most, by setting; a larger value takes more. */
  readonly limits: ReadonlyMap<string, number>
  /** Names of certificates that certbot or acme.sh renews here. */
  readonly renewals: readonly string[]
  /** Whether anything starts that renewal by itself. */
  readonly renews: boolean
  /** Crontabs here that set a time zone for their jobs. */
  readonly zonedCrontabs: readonly string[]
  /** Whether cron heeds that; absent if it is not known which cron there is. */
  readonly cronKnowsZones?: boolean
  /** The user who runs PostgreSQL, whose shared memory is removed as a session of that user ends; absent if nobody's is. */
  readonly losesSharedMemory?: string
  readonly places: ReadonlyMap<string, PlaceOnHost>
}

/** A folder of a host, as far as it is there. */
export interface PlaceOnHost {
  /** The line by which systemd-tmpfiles empties it, by age or at a start of the host. */
  readonly cleanedBy?: string
  /** The mount it lies on, if a start of the host would not bring that back. */
  readonly passingMount?: string
  /** Its SELinux type; absent where SELinux is off. */
  readonly label?: string
  /** Whether SELinux refuses what its rules do not allow. */
  readonly enforced: boolean
}
