/** A frozen report: the exact text that was digested. */
export interface StoredReport {
  readonly digest: string
  readonly version: number
  readonly text: string
}

/** Trial-run reports, each version of each move once and for ever. */
export interface ReportsPort {
  /**
   * Freezes a report as canonical JSON. The same again is harmless.
   * @throws ReportExistsError when the version is stored with another content
   */
  put(migration: string, version: number, report: unknown): Promise<StoredReport>
  /** @throws NotStoredError AlteredError */
  get(migration: string, digest: string): Promise<StoredReport>
}
