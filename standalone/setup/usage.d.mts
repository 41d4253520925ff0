export const usage: Readonly<
  Record<'start' | 'demo' | 'bench' | 'soak' | 'test' | 'uninstall' | 'setup', string>
>
