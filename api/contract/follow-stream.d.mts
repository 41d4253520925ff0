/** `live`: the connection was made, or a burst of events came over it. `lost`: it is gone and will be made again. */
export type StreamState = { readonly state: 'live' } | { readonly state: 'lost'; readonly cause: string }

export interface FollowedStream {
  /** Makes a connection and gives what it answers with. */
  open(): Promise<ReadableStream<Uint8Array> | null>
  /** Whether what `open` or reading threw is a lost connection; anything else ends the stream. */
  isLoss(error: unknown): boolean
  readonly signal: AbortSignal
  /** Longer than the server's heartbeat: a connection that is silent for this long counts as lost. */
  readonly silenceMs: number
  /** Waits before the next connection; ends early with the signal. */
  rest?(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Follows server-sent events until `signal` ends, over as many connections as it takes. Only tells that something came:
 * what has changed is for the reader to ask, so that nothing is missed between two connections. Runs in Node and in a
 * browser. Throws what `isLoss` does not take for a lost connection.
 */
export function followStream(stream: FollowedStream): AsyncGenerator<StreamState, void>
