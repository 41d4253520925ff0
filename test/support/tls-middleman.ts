import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync } from 'node:fs'
import { type Socket, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { TLSSocket, connect as connectTls } from 'node:tls'
import { serverAccount } from './postgres-servers.ts'

/** A certificate on loopback addresses with its key, as files of the servers' user. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** An authority of a test's own, which signs for whoever asks. */
export function makeAuthority(folder: string): {
  readonly ca: string
  readonly sign: (name: string) => Certificate
} {
  const own = mkdtempSync(join(folder, 'authority-'))
  const files = (name: string): Certificate => ({
    cert: join(own, `${name}.crt`),
    key: join(own, `${name}.key`),
  })
  const make = (name: string, more: readonly string[]): Certificate => {
    const { cert, key } = files(name)
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const into = ['-subj', `/CN=${name}`, '-days', '2', '-keyout', key, '-out', cert]
    execFileSync('openssl', [...request, ...into, ...more], { stdio: 'ignore' })
    const { uid, gid } = serverAccount()
    for (const path of [own, cert, key]) if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
    return { cert, key }
  }
  const authority = make('authority', [])
  return {
    ca: readFileSync(authority.cert, 'utf8'),
    sign: (name) =>
      make(name, [
        ...['-CA', authority.cert, '-CAkey', authority.key],
        ...['-addext', 'subjectAltName=IP:127.0.0.1,IP:127.0.0.2'],
      ]),
  }
}

/** The request for TLS that a client of PostgreSQL begins with. */
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/**
 * Ends TLS in front of a PostgreSQL server, as a load balancer does: by a certificate of its own. It speaks to the server behind it in clear,
 * or by a TLS connection of its own (`anew`).
 */
export async function standBetween(
  { address, port }: { readonly address: string; readonly port: number },
  { cert, key }: Certificate,
  behind: 'in clear' | 'anew',
): Promise<{ readonly bytes: () => number; readonly stop: () => Promise<void> }> {
  const shown = { cert: readFileSync(cert), key: readFileSync(key) }
  const sockets = new Set<Socket>()
  let bytes = 0
  const keep = <S extends Socket>(socket: S): S => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((socket) => {
    keep(socket).once('data', () => {
      socket.write('S')
      const client = keep(new TLSSocket(socket, { isServer: true, ...shown }))
      void toServer(port, behind, keep).then((real) => {
        client.on('data', (chunk: Buffer) => (bytes += chunk.length))
        client.pipe(real).pipe(client)
      })
    })
  })
  await once(server.listen(port, address), 'listening')
  return {
    bytes: () => bytes,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function toServer(
  port: number,
  behind: 'in clear' | 'anew',
  keep: <S extends Socket>(socket: S) => S,
): Promise<Socket> {
  const socket = keep(connect(port, '127.0.0.1'))
  await once(socket, 'connect')
  if (behind === 'in clear') return socket
  socket.write(tlsRequest)
  await once(socket, 'data')
  const real = keep(connectTls({ socket, rejectUnauthorized: false }))
  await once(real, 'secureConnect')
  return real
}
