import { InvalidInputError, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const storeEvidence = handle(
  routes.storeEvidence,
  async ({ query, body, request, actor }, context) => {
    const name = query.name ?? nameFromHeader(request.headers['x-evidence-name'])
    if (!Buffer.isBuffer(body) || body.byteLength === 0) {
      throw new InvalidInputError('The evidence', [problemAt('', said('evidence-empty'))])
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
  throw new InvalidInputError('The evidence', [problemAt('name', said('file-name'))])
}
