import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'

/** An address that means one server to us, and another one to the pooler and to programs of its host. */
export interface SplitDoor {
  readonly port: number
  /** Leads the pooler and its host to this server from the next connection on. */
  lead(port: number): void
  close(): Promise<void>
}

const sslRequest = 80_877_103
const cancelRequest = 80_877_102

/**
 * Stands for a name that the pooler's resolver knows otherwise, or for a port that its host forwards: who logs in is told apart by what the
 * client says first. The pooler logs in as a role of the application, without a name of ours.
 */
export async function splitDoor(ours: number, theirs: number, appRole: string): Promise<SplitDoor> {
  let elsewhere = theirs
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined).on('close', () => sockets.delete(client))
    const greet = (hello: Buffer): void => {
      const code = hello.readUInt32BE(4)
      if (code === sslRequest) {
        client.write('N')
        client.once('data', greet)
        return
      }
      const words = hello.toString('latin1', 8).split('\0')
      const isOurs = words.some((word) => word.startsWith('qianyun'))
      const isTheirs = code === cancelRequest || (!isOurs && words.includes(appRole))
      const behind = connect(isTheirs ? elsewhere : ours, '127.0.0.1')
      sockets.add(behind)
      behind.on('error', () => client.destroy()).on('close', () => sockets.delete(behind))
      behind.write(hello)
      client.pipe(behind).pipe(client)
    }
    client.once('data', greet)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was taken')
  return {
    port: address.port,
    lead(port) {
      elsewhere = port
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
