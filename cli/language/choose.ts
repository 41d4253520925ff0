import type { Language } from '../../domain/words/message.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** `--lang` wins, then QIANYUN_LANG, LC_ALL, LC_MESSAGES and LANG in the order of POSIX; English when none says Chinese. */
export function chooseLanguage(args: readonly string[], variables: Variables): Language {
  const asked = flagValue(args, '--lang') ?? variables['QIANYUN_LANG']
  const locale = asked ?? variables['LC_ALL'] ?? variables['LC_MESSAGES'] ?? variables['LANG'] ?? ''
  return /^zh/i.test(locale) ? 'zh' : 'en'
}

/** The last value of a flag, before anything has parsed the arguments: help itself has to be in the right language. */
function flagValue(args: readonly string[], flag: string): string | undefined {
  return args
    .map((arg, index) =>
      arg === flag ? args[index + 1] : arg.startsWith(`${flag}=`) ? arg.slice(flag.length + 1) : undefined,
    )
    .findLast((value) => value !== undefined)
}
