import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'

import { UsageError } from '../command-line/errors.ts'
import { readPrivateFile } from './identity.ts'
import { sentence } from '../language/message.ts'
import { errorMessages as m } from '../messages/errors.ts'
import type { Session } from './session.ts'

/** The account's own key. It is read here, used here, and never leaves this process. */
export class SigningKey {
  /** The first 16 hex digits of the SHA-256 of the public key's SPKI DER, as the server knows it. */
  readonly keyId: string

  constructor(private readonly key: KeyObject) {
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
    this.keyId = createHash('sha256').update(spki).digest('hex').slice(0, 16)
  }

  /** The Ed25519 signature over the text's UTF-8 bytes, base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.key).toString('base64')
  }
}

/** The key of the session's account. Throws UsageError when there is none, others can read it, or it is of another kind. */
export function openSigningKey({ identity }: Session): SigningKey {
  const path = identity.keyFile
  if (path === undefined) throw new UsageError(sentence(m.noKey, { account: identity.account ?? '' }))
  const pem = readPrivateFile(path)
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw new UsageError(sentence(m.notEd25519, { path }))
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new UsageError(sentence(m.notEd25519, { path }))
  return new SigningKey(key)
}

export const sha256Hex = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')
