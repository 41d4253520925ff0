import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client'
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

/**
 * Makes a connection that can be closed while calls are under way; it connects at its first call. Closing ends their
 * retries, and waits up to six seconds for one whose time is set: on a closed channel it would throw in its timer,
 * where nobody can catch it (temporalio/sdk-typescript, packages/client/src/grpc-retry.ts).
 */
export function openConnection(options: ConnectionOptions): Connection {
  const usual = defaultGrpcRetryOptions()
  let isClosing = false
  let lastRetryAt = 0
  const retry = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !isClosing && usual.retryableDecider(attempt, status),
    delayFunction: (attempt, status) => {
      const delayMs = usual.delayFunction(attempt, status)
      lastRetryAt = Math.max(lastRetryAt, Date.now() + delayMs)
      return delayMs
    },
  })
  const connection = Connection.lazy({ ...options, interceptors: [retry] })
  const close = connection.close.bind(connection)
  connection.close = async () => {
    isClosing = true
    const waitMs = lastRetryAt - Date.now()
    // A timer may be late by some milliseconds.
    if (waitMs > -retryIsLateByMs) await sleep(waitMs + retryIsLateByMs)
    await close()
  }
  return connection
}

const retryIsLateByMs = 50
