/** Large JSON that events name by digest: facts of an assessment, results of steps, proofs of a wipe. */
export interface FactsPort {
  /** Keeps a JSON value and gives the SHA-256 of its canonical JSON. The same value again is harmless. */
  put(value: unknown): Promise<string>
  /** The canonical JSON that was digested. @throws NotStoredError AlteredError */
  text(digest: string): Promise<string>
}
