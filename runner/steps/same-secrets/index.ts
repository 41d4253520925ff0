import { randomBytes } from 'node:crypto'
import { QianyunError } from '../../../domain/errors.ts'
import { waiverFor } from '../../../domain/plan/waiving.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { implementKind } from '../implement-kind.ts'
import type { StepContext } from '../kind.ts'
import { type SameSecretsParams, sameSecrets } from './params.ts'
import { digestsScript } from './script.ts'

/** Thrown when an application would sign or decrypt with another key on the host that takes over. */
export class SecretsDifferError extends QianyunError {
  override name = 'SecretsDifferError'
  readonly code = 'secrets-differ'

  constructor(readonly problems: readonly Said[]) {
    super(said('secrets-differ', { problems }))
  }
}

/** Names of settings, each with a digest of its value that is worth something beside one of the same look alone. */
type Digests = ReadonlyMap<string, string>

const keyBytes = 32

/** Carries {@link sameSecrets} out. */
export const implementation = implementKind<SameSecretsParams, null>(sameSecrets, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: ({ from, to }) => [
    {
      do: 'procedure',
      name: 'same-secrets',
      title: `compare keys in ${from.host}:${from.file} and ${to.host}:${to.file}, by digests`,
      changesNothing: true,
    },
  ],
  async carryOut(params, _facts, _commands, context) {
    const { from, to } = params
    // Nobody can try guesses on a digest without the key, which is forgotten with this look.
    const key = randomBytes(keyBytes).toString('hex')
    const [old, other] = await Promise.all([digestsOf(from, key, context), digestsOf(to, key, context)])
    if (typeof old === 'string' || typeof other === 'string') {
      return { changed: false, compared: 0, because: typeof old === 'string' ? old : other }
    }
    const waiving = waiverFor(params.waivers)
    const names = [...old.keys()]
    const problems = names
      .filter((name) => old.get(name) !== other.get(name))
      .map((name) =>
        said(other.has(name) ? 'secret-differs' : 'secret-missing', {
          name,
          from: context.host(from.host).name,
          fromFile: from.file,
          to: context.host(to.host).name,
          toFile: to.file,
          object: `${to.host}:${name}`,
        }),
      )
      .filter(({ values }) => waiving('secret-differs', String(values.object)) === undefined)
    if (problems.length > 0) throw new SecretsDifferError(problems)
    return { changed: false, compared: names.length }
  },
})

/** Neither values nor digests go anywhere but into the comparison. A text says why there are none. */
async function digestsOf(
  { host, file }: SameSecretsParams['from'],
  key: string,
  context: StepContext,
): Promise<Digests | 'absent' | 'unreadable'> {
  const { stdout } = await context
    .host(host)
    .run(digestsScript(file), { stdin: `${key}\n`, signal: context.signal })
  const [first = '', ...lines] = stdout.trimEnd().split('\n')
  if (first === 'absent' || first === 'unreadable') return first
  const seen = new Map<string, number>()
  return new Map(
    lines.flatMap((line) => {
      const [name = '', digest] = line.split(' ')
      if (digest === undefined) return []
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return [[count === 1 ? name : `${name}#${String(count)}`, digest] as const]
    }),
  )
}
