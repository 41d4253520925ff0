/** Bytes as megabytes for people, rounded down. */
export function megabytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20)
}

/** Milliseconds as hours for people, two digits after the point. */
export function hours(ms: number): number {
  return Math.floor(ms / 36_000) / 100
}
