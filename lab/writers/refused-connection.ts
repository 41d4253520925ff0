/** Whether nothing of a request can have arrived. */
export function isRefusedConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'].includes(String(error.code))
  )
}
