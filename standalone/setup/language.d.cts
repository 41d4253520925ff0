declare function chooseLanguage(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): 'zh' | 'en'
export = chooseLanguage
