import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

/** A proxy as offices have them: it passes on requests and tunnels, and keeps who was asked for. */
export class OfficeProxy {
  private constructor(
    private readonly server: Server,
    readonly asked: readonly string[],
  ) {}

  static async start(): Promise<OfficeProxy> {
    const asked: string[] = []
    const server = createServer((from, answer) => {
      const url = new URL(from.url ?? '')
      asked.push(`${from.method ?? ''} ${url.hostname}`)
      const to = request(url, { method: from.method, headers: from.headers }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers)
        got.pipe(answer)
      })
      to.on('error', () => answer.writeHead(502).end())
      from.pipe(to)
    })
    server.on('connect', (from, socket, head) => {
      const { hostname, port } = new URL(`tunnel://${from.url ?? ''}`)
      asked.push(`CONNECT ${hostname}`)
      const to = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        to.write(head)
        to.pipe(socket).pipe(to)
      })
      to.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
      socket.on('error', () => to.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new OfficeProxy(server, asked)
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}
