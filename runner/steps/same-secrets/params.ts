import { z } from 'zod'
import { FilePath } from '../../../domain/absolute-path.ts'
import { Identifier } from '../../../domain/identifier.ts'
import { WaiverParams } from '../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../declaration.ts'

const Place = z.strictObject({ host: Identifier, file: FilePath })

export const SameSecretsParams = z.strictObject({
  from: Place,
  to: Place,
  waivers: WaiverParams,
})
export type SameSecretsParams = z.infer<typeof SameSecretsParams>

/** Compares the keys with which an application signs and encrypts, in its configuration on two hosts, without reading them here. */
export const sameSecrets: StepDeclaration<SameSecretsParams> = {
  name: 'same-secrets',
  title: { zh: '核对应用密钥', en: 'Compare keys of an application' },
  params: SameSecretsParams,
  uses: ({ from, to }) => ({ hosts: [from.host, to.host] }),
}
