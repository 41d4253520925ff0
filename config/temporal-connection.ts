import { readFileSync } from 'node:fs'

import type { TemporalConfig } from './config.ts'

/**
 * The options `Connection.connect` and `NativeConnection.connect` take, with the PEM files read.
 * Throws the file system's error when one of them cannot be read.
 */
export function temporalConnectionOptions(temporal: TemporalConfig) {
  const { address, apiKey, tls } = temporal
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
            ...(tls.serverCaPath === undefined
              ? {}
              : { serverRootCACertificate: readFileSync(tls.serverCaPath) }),
            ...(tls.client === undefined
              ? {}
              : {
                  clientCertPair: {
                    crt: readFileSync(tls.client.certPath),
                    key: readFileSync(tls.client.keyPath),
                  },
                }),
          },
        }),
  }
}
