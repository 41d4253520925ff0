import { InvalidInputError } from '../../domain/errors.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const storeEvidence = handle(
  routes.storeEvidence,
  async ({ query, body, request, actor }, context) => {
    const name = query.name ?? nameFromHeader(request.headers['x-evidence-name'])
    if (!Buffer.isBuffer(body) || body.byteLength === 0) {
      throw new InvalidInputError('The evidence', [
        { path: '', message: 'is empty; send the bytes of a file' },
      ])
    }
    assertPlainName(name)
    return context.stores.evidence.put(body, name, actor, Date.now())
  },
)

function nameFromHeader(header: string | string[] | undefined): string {
  if (typeof header !== 'string') return ''
  try {
    return decodeURIComponent(header)
  } catch {
    return ''
  }
}

/** A name, not a path: it is offered as a file name to whoever reads the evidence. */
function assertPlainName(name: string): void {
  if (/^[^\p{Cc}\p{Cs}/\\]{1,200}$/u.test(name) && name !== '.' && name !== '..') return
  throw new InvalidInputError('The evidence', [
    {
      path: 'name',
      message:
        'must be a file name of 1 to 200 characters, without slashes, by ?name= or the X-Evidence-Name header',
    },
  ])
}
