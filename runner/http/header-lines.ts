import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { fill } from './fill.ts'

/** A line would end there, or cannot say it. https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const uncarried = /[^\t\x20-\x7e\x80-\xff]/

/** Thrown when a value fits into no header line; nothing of the request was sent. It tells nothing of the value. */
export class HeaderNotSendableError extends QianyunError {
  override name = 'HeaderNotSendableError'
  readonly code = 'header-not-sendable'

  constructor(
    readonly header: string,
    /** What stands for the value: the name of a secret of the request, or of what an answer had. */
    readonly value: string,
  ) {
    super(said('header-not-sendable', { header, value }))
  }
}

/** Header lines with their values filled in. @throws HeaderNotSendableError */
export function filledHeaders(
  headers: Readonly<Record<string, string>>,
  values: ReadonlyMap<string, unknown>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([header, text]) => {
      const line = fill(text, values)
      if (uncarried.test(line)) {
        const unfit = [...values.keys()].find(
          (name) => uncarried.test(fill(`{${name}}`, values)) && text.includes(`{${name}}`),
        )
        throw new HeaderNotSendableError(header, unfit ?? header)
      }
      return [header, line]
    }),
  )
}
