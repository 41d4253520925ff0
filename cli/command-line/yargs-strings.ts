import type { Language } from '../../domain/words/message.ts'

const counted = (sentence: string) => ({ one: sentence, other: sentence }) as unknown as string

/** Where yargs' own sentences speak of its insides, or lack a language. yargs picks them by count, which its types leave out. */
export const yargsStrings: Readonly<Record<Language, Record<string, string>>> = {
  en: {
    'Did you mean %s?': 'There is no such command. Did you mean "%s"?',
    'Not enough non-option arguments: got %s, need at least %s': counted(
      'Not enough arguments: got %s, at least %s expected.',
    ),
    'Too many non-option arguments: got %s, maximum of %s': counted(
      'Too many arguments: got %s, at most %s expected.',
    ),
  },
  zh: {
    'Not enough non-option arguments: got %s, need at least %s':
      counted('参数不足：给了 %s 个，至少需要 %s 个。'),
    'Too many non-option arguments: got %s, maximum of %s': counted('参数过多：给了 %s 个，最多 %s 个。'),
    'Unknown command: %s': counted('没有这个命令：%s'),
    'Did you mean %s?': '没有这个命令。是指 %s 吗？',
    'aliases:': '别名：',
    deprecated: '已弃用',
  },
}
