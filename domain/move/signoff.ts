import type { Actor, Party } from '../organisation.ts'
import { refuse, type Refusal } from './command.ts'

/** A recorded recognition of one report by one party. */
export interface Signoff {
  readonly party: Party
  readonly organisation: string
  readonly account: string
  readonly keyId: string
  readonly algorithm: 'ed25519'
  readonly digest: string
  readonly reportVersion: number
  /** Base64 of the signature over `signedText`. */
  readonly signature: string
  readonly signedText: string
  readonly atMs: number
}

/** What is put before a signer: the text that is shown is the text that is signed. */
export interface SignoffStatement {
  readonly migration: string
  readonly system: string
  readonly profile: 'production' | 'lab'
  readonly reportVersion: number
  readonly digest: string
  readonly party: string
  readonly organisation: string
  readonly account: string
  readonly decision: 'recognise'
}

/** The first line of every signed text. A signature of this product can never be mistaken for one of another use. */
export const signoffDomain = 'qianyun signoff v1'
export const releaseDomain = 'qianyun release v1'
export const taskSignatureDomain = 'qianyun task v1'

/** The exact text to sign: one line for the domain, then one `name: value` line for each field, in fixed order. */
export function signoffText(s: SignoffStatement): string {
  return [
    signoffDomain,
    `migration: ${s.migration}`,
    `system: ${s.system}`,
    `profile: ${s.profile}`,
    `report-version: ${String(s.reportVersion)}`,
    `report-digest: sha256:${s.digest}`,
    `party: ${s.party}`,
    `organisation: ${s.organisation}`,
    `account: ${s.account}`,
    `decision: ${s.decision}`,
    '',
  ].join('\n')
}

/** A signature of an account's own key under a text. */
export interface SignedText {
  readonly keyId: string
  /** Base64, Ed25519. */
  readonly signature: string
  readonly signedText: string
}

/** The owner's word that the old data may be removed. `signed` is absent in records of before; nothing is wiped by those. */
export interface Release {
  readonly statement: string
  readonly signed?: SignedText
}

/** The exact text a vendor signs under its finished task: its note and its evidence by digest. */
export function taskText(t: {
  readonly migration: string
  readonly task: string
  readonly round: number
  readonly account: string
  readonly organisation: string
  readonly note: string
  readonly evidence: readonly { readonly name: string; readonly digest: string }[]
  /** What a task of a tracked move attests. */
  readonly figures?: Readonly<Record<string, string>> | undefined
}): string {
  return [
    taskSignatureDomain,
    `migration: ${t.migration}`,
    `task: ${t.task}`,
    `round: ${String(t.round)}`,
    `organisation: ${t.organisation}`,
    `account: ${t.account}`,
    `note: ${JSON.stringify(t.note)}`,
    ...Object.entries(t.figures ?? {})
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, figure]) => `figure: ${name} ${JSON.stringify(figure)}`),
    ...t.evidence.map((e) => `evidence: sha256:${e.digest} ${JSON.stringify(e.name)}`),
    '',
  ].join('\n')
}

/** The parties still missing before the report counts as recognised. */
export function missingParties(
  wanted: readonly Party[],
  signoffs: readonly Pick<Signoff, 'party' | 'digest'>[],
  digest: string,
): Party[] {
  return wanted.filter((party) => !signoffs.some((s) => s.party === party && s.digest === digest))
}

/**
 * Why this person may not sign this report; undefined when they may. The cryptographic check
 * is made elsewhere; this is the rest: right digest, right party, another organisation, another person, not the launcher.
 */
export function signoffRefusal(
  report: { readonly digest: string; readonly version: number } | undefined,
  policy: { readonly parties: readonly Party[] },
  organisations: Readonly<Partial<Record<Party, string>>>,
  launchedBy: Actor,
  present: readonly Signoff[],
  candidate: Pick<Signoff, 'party' | 'organisation' | 'account' | 'digest' | 'keyId'>,
): Refusal | undefined {
  if (report === undefined) {
    return refuse('no-report')
  }
  if (candidate.digest !== report.digest) {
    return refuse('other-digest', {
      digest: candidate.digest,
      version: report.version,
      expected: report.digest,
    })
  }
  if (!policy.parties.includes(candidate.party)) {
    return refuse('not-a-party', { party: candidate.party, parties: policy.parties })
  }
  if (organisations[candidate.party] !== candidate.organisation) {
    return refuse('other-organisation', {
      organisation: candidate.organisation,
      role: candidate.party,
      expected: organisations[candidate.party] ?? '',
    })
  }
  if (candidate.account === launchedBy.account) {
    return refuse('launcher-signs', { account: candidate.account })
  }
  for (const s of present.filter((each) => each.digest === report.digest)) {
    if (s.party === candidate.party || s.organisation === candidate.organisation) {
      return refuse('already-signed', { organisation: s.organisation, party: s.party })
    }
    if (s.account === candidate.account || s.keyId === candidate.keyId) {
      return refuse('same-person', { account: s.account })
    }
  }
  return undefined
}
