/** The home folder, and the sentence to say aloud when it is not the usual one. */
export interface HomeChoice {
  readonly path: string
  readonly reason?: string
}

export function chooseHome(given?: {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly repository?: string
  readonly userId?: number | undefined
}): HomeChoice

export function firstClosedFolder(folder: string): string | undefined

export function sharedHome(repository: string): string
