import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OwnPlaces } from '../../config/own-places.ts'
import { ownSecretPath, SecretStore, writeSecretBindings } from '../../config/secrets.ts'
import { secretPurposes } from '../../domain/secret-use.ts'
import { BoundSecrets, type SecretReader, type SecretRequest } from '../../runner/secrets/bound-secrets.ts'
import type { Attack } from './attack.ts'

const address = '127.0.0.13:5432'
const right: SecretRequest = {
  ...{ plan: 'permit-desk-plan', system: 'permit-desk', organisations: ['permit-bureau', 'city-cloud'] },
  ...{ purpose: 'database-admin', address },
}
const names = ['database-admin', 'stack-postgres-admin', 'unbound']

/** The product's reader of secrets, over a home with one that is bound, one that is nobody's, and one of the product's own. */
function readerOf(home: string): SecretReader {
  return new BoundSecrets({
    source: new SecretStore(home, {}),
    addresses: { isFromBefore: async () => false, approvedBy: async () => [] },
    ownPlaces: new OwnPlaces({
      isLab: true,
      servers: [{ what: 'database', host: '127.0.0.1', port: 7432 }],
    }),
  })
}

/** Plans that name a secret which is not theirs, or theirs for something else, in every spelling of name and address. */
export const secretsOfOthers =
  (open: (home: string) => SecretReader = readerOf): Attack =>
  async (_room, dice) => {
    const home = mkdtempSync(join(tmpdir(), 'qianyun-secrets-'))
    try {
      mkdirSync(join(home, 'secrets'), { mode: 0o700 })
      mkdirSync(join(home, 'own-secrets'), { mode: 0o700 })
      for (const name of ['database-admin', 'unbound'])
        writeFileSync(join(home, 'secrets', name), 'value', { mode: 0o600 })
      writeFileSync(ownSecretPath(home, 'stack-postgres-admin'), 'value', { mode: 0o600 })
      const { system, purpose } = right
      writeSecretBindings(home, 'database-admin', [
        { organisation: 'permit-bureau', system, purpose, addresses: [address] },
      ])
      const name = dice.one(names)
      const spelt = dice.one([
        name,
        `../own-secrets/${name}`,
        `./${name}`,
        `${name}/`,
        `x/../${name}`,
        `${name}\0`,
        name.toUpperCase(),
      ])
      const request = dice.one<SecretRequest>([
        { ...right, system: 'water-desk' },
        { ...right, organisations: ['water-bureau', 'other-cloud'] },
        { ...right, purpose: dice.one(secretPurposes.filter((one) => one !== purpose)) },
        {
          ...right,
          address: dice.one([
            '127.0.0.14:5432',
            '127.0.0.13:5433',
            '127.0.0.13',
            '127.0.0.13:5432 ',
            '127.0.13:5432',
            'localhost:7432',
            '[::ffff:127.0.0.13]:5432',
          ]),
        },
        ...(spelt === 'database-admin' ? [] : [right]),
      ])
      const given = await open(home)
        .read(spelt, request)
        .then(
          () => true,
          () => false,
        )
      const what = `secret ${JSON.stringify(spelt)} for ${JSON.stringify(request)} was given`
      return { attacks: 1, succeeded: given ? [what] : [] }
    } finally {
      rmSync(home, { recursive: true })
    }
  }
