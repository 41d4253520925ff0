import { verify } from 'node:crypto'
import type { Account } from '../../domain/ports/accounts.ts'
import { SignatureRefusedError } from '../errors.ts'

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
    throw new SignatureRefusedError(
      'no-key',
      `"${account.account}" has no registered key. Have an administrator register one before signing.`,
    )
  }
  if (given.keyId !== key.keyId) {
    throw new SignatureRefusedError(
      'other-key',
      `"${given.keyId}" is not the key of "${account.account}"; that is "${key.keyId}". Sign with your own key.`,
    )
  }
  if (given.signedText !== expectedText) {
    throw new SignatureRefusedError(
      'other-text',
      'The signed text differs from the statement put before you, which may have changed since. Read it again and sign that.',
    )
  }
  const signature = Buffer.from(given.signature, 'base64')
  if (!verify(null, Buffer.from(expectedText, 'utf8'), key.publicKeyPem, signature)) {
    throw new SignatureRefusedError(
      'wrong-signature',
      `The signature is not one by the key "${key.keyId}" over this text. Sign it again with that key.`,
    )
  }
}
