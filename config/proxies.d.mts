export function settleProxies(env: Record<string, string | undefined>): void

export function proxyAssignments(env: Readonly<Record<string, string | undefined>>): string[]

export function isLoopback(host: string): boolean
