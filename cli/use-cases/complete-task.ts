import { basename } from 'node:path'

import type { Evidence } from '../../api/contract.ts'
import { showAccepted } from '../views/accepted.ts'
import type { ApiClient } from '../server/api-client.ts'
import { bindings } from '../command-line/bindings.ts'
import { CheckFailedError } from '../command-line/errors.ts'
import { sentence } from '../language/message.ts'
import { taskMessages as m } from '../messages/task.ts'
import { readBytes } from '../command-line/read-file.ts'
import type { Session } from '../identity/session.ts'
import { sha256Hex } from '../identity/signing-key.ts'

/** Stores the files of evidence and reports the task as done. Every file is read before the first is sent. */
export async function completeTask(
  session: Session,
  given: {
    readonly system: string
    readonly task: string
    readonly note: string
    readonly evidence: readonly string[]
    /** Open findings the move goes on with, each as `CODE=REASON`. */
    readonly finding: readonly string[]
    /** What the task of a tracked move attests, each as `NAME=FIGURE`. */
    readonly figure: readonly string[]
  },
) {
  const reasons = Object.fromEntries(bindings('--finding', given.finding, 'table-without-key="…"'))
  const figures = Object.fromEntries(bindings('--figure', given.figure, 'items-compared=1200'))
  const files = given.evidence.map((path) => ({ name: basename(path), content: readBytes(path) }))
  const api = await session.api()
  const evidence: Evidence[] = []
  for (const file of files) {
    const stored = await storeEvidence(api, file)
    evidence.push(stored)
    if (!session.json)
      session.terminal.note(session.say(m.uploaded, { name: stored.name, digest: stored.digest }))
  }
  const params = { migration: given.system, task: given.task }
  const body = {
    note: given.note,
    evidence,
    ...(given.finding.length > 0 && { reasons }),
    ...(given.figure.length > 0 && { figures }),
  }
  const answer = await api.call('completeTask', { params, body })
  return showAccepted(session, answer, m.didComplete)
}

/** The server names the file by its digest; that digest is held against the one made here. */
async function storeEvidence(
  api: ApiClient,
  { name, content }: { name: string; content: Uint8Array },
): Promise<Evidence> {
  const stored = await api.call('storeEvidence', {
    query: { name },
    bytes: { type: 'application/octet-stream', content },
  })
  const local = sha256Hex(content)
  if (stored.digest !== local) {
    throw new CheckFailedError(
      'evidence-changed',
      sentence(m.uploadChanged, { name, stored: stored.digest, local }),
    )
  }
  return stored
}
