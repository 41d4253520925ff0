/** Every variable that configures the product, by the name the code knows it under. */
export const variableNames = {
  home: 'QIANYUN_HOME',
  profile: 'QIANYUN_PROFILE',
  zone: 'QIANYUN_ZONE',
  timeZone: 'QIANYUN_TIME_ZONE',
  apiHost: 'QIANYUN_API_HOST',
  apiPort: 'QIANYUN_API_PORT',
  apiUrl: 'QIANYUN_API_URL',
  temporalUiUrl: 'QIANYUN_TEMPORAL_UI_URL',
  temporalPort: 'QIANYUN_TEMPORAL_PORT',
  temporalUiPort: 'QIANYUN_TEMPORAL_UI_PORT',
  postgresPort: 'QIANYUN_POSTGRES_PORT',
  measurementDays: 'QIANYUN_MEASUREMENT_DAYS',
  databaseUrl: 'DATABASE_URL',
  temporalAddress: 'TEMPORAL_ADDRESS',
  temporalNamespace: 'TEMPORAL_NAMESPACE',
  temporalApiKey: 'TEMPORAL_API_KEY',
  temporalTls: 'TEMPORAL_TLS',
  temporalTlsServerName: 'TEMPORAL_TLS_SERVER_NAME',
  temporalTlsServerCaPath: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  temporalTlsClientCertPath: 'TEMPORAL_TLS_CLIENT_CERT_PATH',
  temporalTlsClientKeyPath: 'TEMPORAL_TLS_CLIENT_KEY_PATH',
} as const

export type Env = Readonly<Partial<Record<keyof typeof variableNames, string>>>
export type Variables = Readonly<Record<string, string | undefined>>

/** Reads the variables as they are; an empty one counts as not set. */
export function readEnv(variables: Variables = process.env): Env {
  const set = Object.entries(variableNames).flatMap(([name, variable]) => {
    const value = variables[variable]?.trim() ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(set)
}
