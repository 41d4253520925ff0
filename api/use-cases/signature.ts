import { said } from '../../domain/words/said.ts'
import { verify } from 'node:crypto'
import type { Account } from '../../domain/ports/accounts.ts'
import { SignatureRefusedError } from '../errors/asked.ts'

/**
 * Holds a signature against the account's own registered key and against the text that was put before the signer.
 * What was shown is what must have been signed: any other text is refused, however well it is signed.
 * @throws SignatureRefusedError
 */
export function assertSigned(
  account: Account,
  expectedText: string,
  given: { readonly keyId: string; readonly signature: string; readonly signedText: string },
): void {
  const { key } = account
  if (key === undefined) {
    throw new SignatureRefusedError(said('no-key', { account: account.account }))
  }
  if (given.keyId !== key.keyId) {
    throw new SignatureRefusedError(
      said('other-key', { keyId: given.keyId, account: account.account, expected: key.keyId }),
    )
  }
  if (given.signedText !== expectedText) {
    throw new SignatureRefusedError(said('other-text'))
  }
  const signature = Buffer.from(given.signature, 'base64')
  if (!verify(null, Buffer.from(expectedText, 'utf8'), key.publicKeyPem, signature)) {
    throw new SignatureRefusedError(said('wrong-signature', { keyId: key.keyId }))
  }
}
