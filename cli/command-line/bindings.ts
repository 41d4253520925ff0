import { UsageError } from './errors.ts'
import { sentence } from '../language/message.ts'
import { errorMessages as m } from '../messages/errors.ts'

/** What the values of a repeated `name=value` flag come to. @throws UsageError */
export function bindings(flag: string, values: readonly string[], example: string): [string, string][] {
  return values.map((value) => {
    const at = value.indexOf('=')
    if (at < 1) throw new UsageError(sentence(m.badBinding, { flag, value, example: `${flag} ${example}` }))
    return [value.slice(0, at), value.slice(at + 1)]
  })
}
