import { words } from './message.ts'

/** What is wrong with one value of an input, after the name of its place: `"hosts.old-1.port" must be 65535 or less`. */
export const schemaProblems = words({
  'at-path': { en: '"{path}" {problem}', zh: '“{path}” {problem}' },
  'of-variable': { en: '{variable} {problem}', zh: '{variable} {problem}' },
  'problem-found': { en: '{problem}, found "{found}"', zh: '{problem}，实为“{found}”' },
  'value-missing': {
    en: 'is missing, expected {expected:valueType}',
    zh: '缺失，应为{expected:valueType}',
  },
  'value-of-other-type': {
    en: 'must be {expected:valueType}[?, found {found:valueType}]',
    zh: '应为{expected:valueType}[?，实为{found:valueType}]',
  },
  'value-not-one-of': { en: 'must be one of "{expected}"', zh: '应为“{expected}”之一' },
  'value-not-that': { en: 'must be "{expected}"', zh: '应为“{expected}”' },
  'number-too-large': { en: 'must be {most} or less', zh: '不能大于 {most}' },
  'number-not-under': { en: 'must be less than {most}', zh: '应小于 {most}' },
  'number-too-small': { en: 'must be {least} or more', zh: '不能小于 {least}' },
  'number-not-over': { en: 'must be more than {least}', zh: '应大于 {least}' },
  'number-no-multiple': { en: 'must be a multiple of {step}', zh: '应为 {step} 的倍数' },
  'text-too-long': { en: 'must have {most} characters or fewer', zh: '最多 {most} 个字符' },
  'text-too-short': { en: 'must have {least} characters or more', zh: '至少 {least} 个字符' },
  'list-too-long': { en: 'must have {most} items or fewer', zh: '最多 {most} 项' },
  'list-too-short': { en: 'must have {least} items or more', zh: '至少 {least} 项' },
  'value-empty': { en: 'must not be empty', zh: '不能为空' },
  'text-begins-otherwise': { en: 'must begin with "{begin}"', zh: '应以“{begin}”开头' },
  'text-ends-otherwise': { en: 'must end in "{end}"', zh: '应以“{end}”结尾' },
  'text-lacks': { en: 'must contain "{text}"', zh: '应含有“{text}”' },
  'text-of-other-form': { en: 'must have the form "{form}"', zh: '应符合格式“{form}”' },
  'fields-unknown': {
    en: 'has no field "{fields}"; remove it, or correct its name',
    zh: '没有字段“{fields}”；请去掉，或改正名称',
  },
  'key-refused': { en: 'is a name that is not taken there: it {problems}', zh: '不是可用的名称：{problems}' },
  'value-of-no-form': { en: 'has none of the forms it may have', zh: '不符合任何可用的形式' },
  'text-broken': {
    en: 'holds {part:unquotable}, which no text may hold; remove it',
    zh: '含有{part:unquotable}，任何文本都不得含有；请去掉',
  },
  'value-wrong': { en: 'is not valid', zh: '无效' },
  'duration-too-long': { en: 'must be {longest} or less', zh: '不能超过 {longest}' },
  'value-a-second-time': { en: 'is "{value}" a second time', zh: '为“{value}”，重复出现' },
  'expression-broken': { en: 'is no CEL expression: {reason}', zh: '不是有效的 CEL 表达式：{reason}' },
  'expression-uses-matches': {
    en: 'uses "matches", which is left out because a regular expression may run forever; use contains',
    zh: '使用了不支持的“matches”（正则表达式可能无限运行）；请用 contains',
  },
  'wrong-beside': { en: 'is wrong beside "{others}"', zh: '不能与“{others}”同时使用' },
  'has-none-of': { en: 'must have one of {expected}', zh: '应有 {expected} 之一' },
  'port-in-use-by': { en: 'is {port}, which {variable} has already', zh: '为 {port}，已被 {variable} 使用' },
  'foreign-words': { en: '{text}', zh: '“{text}”' },
})
