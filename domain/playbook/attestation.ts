/** What the task of a tracked move attests: what a step of the engine does where the engine does it. */
export const attestations = ['verify', 'load-test', 'rehearse', 'switch', 'wipe'] as const
export type Attestation = (typeof attestations)[number]

/** Who may accept what somebody else has done. */
export const reviewers = ['coordinator', 'owner', 'provider', 'operations'] as const
export type Reviewer = (typeof reviewers)[number]
