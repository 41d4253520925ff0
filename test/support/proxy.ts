import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveHttp, type TestHttpServer } from './http-server.ts'

/** A proxy in front of a server, as offices have them, that passes everything on but the stream of events. */
export function withoutStreams(server: string): Promise<TestHttpServer> {
  return serveHttp((request, response) => void forward(server, request, response))
}

async function forward(server: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '', headers } = request
  if (url.startsWith('/events')) {
    response.writeHead(406, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ status: 406, code: 'not-acceptable', detail: 'No streams here.' }))
    return
  }
  const { authorization = '' } = headers
  const answer = await fetch(`${server}${url}`, { headers: { authorization } })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
  response.end(await answer.text())
}
