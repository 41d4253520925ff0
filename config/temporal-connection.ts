import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client'
import type { TemporalConfig } from './config.ts'
import { isLoopback } from './proxies.mjs'

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

/** A connection that connects at its first call, and may be closed while calls are under way. */
export function openConnection(options: ConnectionOptions): Connection {
  return endingRetries(Connection.lazy(directToLoopback(options)))
}

/** The options with which gRPC asks no proxy for a server on this machine; it would send 127.0.0.1 to one. */
export function directToLoopback(options: ConnectionOptions): ConnectionOptions {
  const host = (options.address ?? 'localhost').replace(/:\d+$/, '')
  if (!isLoopback(host)) return options
  return { ...options, channelArgs: { ...options.channelArgs, 'grpc.enable_http_proxy': 0 } }
}

/**
 * Makes closing a connection end the retries of its calls. It waits up to six seconds for one whose time is set: on a closed
 * channel it would throw in its timer, where nobody can catch it (temporalio/sdk-typescript,
 * packages/client/src/grpc-retry.ts).
 */
export function endingRetries(connection: Connection): Connection {
  const usual = defaultGrpcRetryOptions()
  let isClosing = false
  let lastRetryAtMs = 0
  const retry = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !isClosing && usual.retryableDecider(attempt, status),
    delayFunction: (attempt, status) => {
      const delayMs = usual.delayFunction(attempt, status)
      lastRetryAtMs = Math.max(lastRetryAtMs, Date.now() + delayMs)
      return delayMs
    },
  })
  // Every call reads this list: the retries of the library itself are all that stands in it.
  connection.options.interceptors.splice(0, 1, retry)
  const close = connection.close.bind(connection)
  connection.close = async () => {
    isClosing = true
    const waitMs = lastRetryAtMs + timerIsLateByMs - Date.now()
    if (waitMs > 0) await sleep(waitMs)
    await close()
  }
  return connection
}

const timerIsLateByMs = 50
