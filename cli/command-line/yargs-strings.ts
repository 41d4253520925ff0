import type { Language } from '../../domain/words/message.ts'

const counted = (one: string, other = one) => ({ one, other }) as unknown as string

/**
 * All that yargs says in Chinese, because a bundle has none of its files; in English, where its sentences speak of its insides. yargs picks
 * some by count, which its types leave out.
 */
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
    'Commands:': '命令：',
    'Options:': '选项：',
    'Examples:': '示例：',
    boolean: '布尔',
    count: '计数',
    string: '字符串',
    number: '数字',
    array: '数组',
    required: '必需',
    default: '默认值',
    'default:': '默认值:',
    'choices:': '可选值:',
    'generated-value': '生成的值',
    'Missing argument value: %s': counted('没有给此选项指定值：%s', '没有给这些选项指定值：%s'),
    'Missing required argument: %s': counted('缺少必须的选项：%s', '缺少这些必须的选项：%s'),
    'Unknown argument: %s': counted('无法识别的选项：%s', '无法识别这些选项：%s'),
    'Invalid values:': '无效的选项值：',
    'Argument: %s, Given: %s, Choices: %s': '选项名称: %s, 传入的值: %s, 可选的值：%s',
    'Argument check failed: %s': '选项值验证失败：%s',
    'Implications failed:': '缺少依赖的选项：',
    'Not enough arguments following: %s': '没有提供足够的值给此选项：%s',
    'Invalid JSON config file: %s': '无效的 JSON 配置文件：%s',
    'Path to JSON config file': 'JSON 配置文件的路径',
    'Show help': '显示帮助信息',
    'Show version number': '显示版本号',
    'Arguments %s and %s are mutually exclusive': '选项 %s 和 %s 是互斥的',
    'Positionals:': '位置：',
    command: '命令',
    deprecated: '已弃用',
  },
}
