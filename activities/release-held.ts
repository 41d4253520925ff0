import { verify } from 'node:crypto'
import type { Migration } from '../domain/move/migration.ts'
import { releaseTextOf } from '../domain/move/rules/release.ts'
import type { AccountsPort } from '../domain/ports/accounts.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'

/** Why the owner's signature under the release of the old data does not hold, by the key as it is registered now. */
export async function releaseNotHeld(accounts: AccountsPort, m: Migration): Promise<Said | undefined> {
  const release = m.retention?.release
  if (release === undefined) return said('record-no-release')
  const { by, signed } = release
  if (signed === undefined) return said('record-release-unsigned')
  const key = (await accounts.find(by.account))?.key
  const text = releaseTextOf(m, release)
  const isSigned =
    key?.keyId === signed.keyId &&
    signed.signedText === text &&
    verify(null, Buffer.from(text, 'utf8'), key.publicKeyPem, Buffer.from(signed.signature, 'base64'))
  return isSigned ? undefined : said('record-release-not-theirs', { account: by.account })
}
