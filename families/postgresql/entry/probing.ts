/** What a login of a probe has beside where it goes and whose it is. */
export const probing = {
  application_name: 'qianyun-probe',
  connectionTimeoutMillis: 5_000,
  query_timeout: 5_000,
} as const
