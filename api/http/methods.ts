import type { FastifyInstance } from 'fastify'
import { MethodNotAllowedError } from '../errors/http.ts'

/**
 * Notes the methods each path is given from now on. Call what it gives after the last route: every other method of a
 * path is then refused before anything else of the request is looked at.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const given = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    given.set(url, new Set([...(given.get(url) ?? []), method].flat()))
  })
  return () => {
    for (const [url, methods] of [...given]) {
      const allowed = [...methods].sort()
      app.route({
        method: app.supportedMethods.filter((method) => !methods.has(method)),
        url,
        config: { access: 'public' },
        schema: { hide: true },
        onRequest: async ({ method, url: asked }, reply) => {
          reply.header('allow', allowed.join(', '))
          throw new MethodNotAllowedError(method, asked.split('?')[0] ?? '', allowed)
        },
        handler: async () => undefined,
      })
    }
  }
}
