export function opensPages(repository: string, args: readonly string[]): boolean
