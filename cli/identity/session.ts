import { basename } from 'node:path'

import type { ApiClient } from '../server/api-client.ts'
import { readToken, resolveIdentity, type Identity, type IdentityFlags } from './identity.ts'
import type { Say } from '../language/message.ts'
import type { Language } from '../../domain/words/message.ts'
import { sentence, speak, speaker } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import type { Paint } from '../terminal/paint.ts'
import type { Terminal } from '../terminal/terminal.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** The flags every command has. */
export interface GlobalFlags extends IdentityFlags {
  readonly json: boolean
  readonly lang?: string | undefined
}

/** What one command works with: its language, its output, who acts at which server. */
export class Session {
  readonly say: Say
  readonly paint: Paint
  readonly json: boolean
  private identityFound: Identity | undefined
  private client: ApiClient | undefined

  constructor(
    readonly language: Language,
    readonly terminal: Terminal,
    readonly flags: GlobalFlags,
    readonly variables: Variables,
    /** Ends when the user interrupts. */
    readonly interrupted: AbortSignal,
  ) {
    this.say = speaker(language)
    this.paint = terminal.paint
    this.json = flags.json
  }

  /** Who acts where. Throws UsageError. */
  get identity(): Identity {
    this.identityFound ??= resolveIdentity(this.flags, this.variables, this.language)
    return this.identityFound
  }

  async api(): Promise<ApiClient> {
    if (this.client === undefined) {
      const { ApiClient } = await import('../server/api-client.ts')
      const { identity } = this
      let token: string | undefined
      const forAccount =
        identity.account === undefined
          ? ''
          : speak(this.language, sentence(errorMessages.ofAccount, { account: identity.account }))
      this.client = new ApiClient(
        identity.server,
        () => (token ??= readToken(identity, this.variables, this.language)),
        forAccount,
        this.interrupted,
      )
    }
    return this.client
  }

  /** The zone times are shown in where no plan names one. */
  get timeZone(): string {
    const named = this.variables['QIANYUN_TIME_ZONE'] ?? ''
    return named === '' ? 'Asia/Shanghai' : named
  }

  /** How the program was called, for commands that are shown to be typed. */
  get program(): string {
    if (this.variables['npm_command'] === 'exec') return 'npx qianyun'
    const script = process.argv[1] ?? 'qianyun'
    return basename(script) === 'qianyun' ? 'qianyun' : `npx qianyun`
  }

  /** One JSON document with `--json`, else the lines. */
  show(document: unknown, lines: () => readonly string[]): void {
    if (this.json) this.terminal.printJson(document, { indented: true })
    else this.terminal.print(lines())
  }
}
