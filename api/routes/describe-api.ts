import type {} from '@fastify/swagger'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const describeApi = handle(routes.description, async ({ request }) => ({
  ...request.server.swagger(),
}))
