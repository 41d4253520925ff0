import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'

/**
 * A way to a server that can be cut: connections through it are reset and new ones refused, or nothing is passed on and nobody is
 * told.
 */
export class Network {
  private readonly pairs = new Set<readonly [Socket, Socket]>()
  private state: 'up' | 'cut' | 'silent' = 'up'

  private constructor(private readonly server: Server) {}

  /** Listens at `address` on the port of the server that listens at 127.0.0.1. */
  static async open(address: string, port: number): Promise<Network> {
    const server = createServer({ pauseOnConnect: true })
    const network = new Network(server)
    server.on('connection', (near) => {
      network.carry(near, port)
    })
    server.listen(port, address)
    await once(server, 'listening')
    return network
  }

  cut(): void {
    this.state = 'cut'
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy()
  }

  silence(): void {
    this.state = 'silent'
    for (const pair of this.pairs) for (const socket of pair) socket.pause()
  }

  mend(): void {
    this.state = 'up'
    for (const pair of this.pairs) for (const socket of pair) socket.resume()
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }

  private carry(near: Socket, port: number): void {
    if (this.state === 'cut') {
      near.resetAndDestroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    const pair = [near, far] as const
    this.pairs.add(pair)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true)
      one.on('data', (chunk) => {
        other.write(chunk)
      })
      one.on('end', () => other.end())
      one.on('error', () => other.destroy())
      one.on('close', () => {
        other.destroy()
        this.pairs.delete(pair)
      })
    }
    if (this.state === 'up') near.resume()
    else far.pause()
  }
}
