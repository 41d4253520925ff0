export const usage: Readonly<Record<'start' | 'demo' | 'bench' | 'test' | 'setup', string>>
