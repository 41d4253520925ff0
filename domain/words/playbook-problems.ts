import { words } from './message.ts'

/** What is wrong with a playbook, its folder, its inputs or its steps, after the name of the place. */
export const playbookProblems = words({
  'the-playbook': { en: 'The playbook "{playbook}"', zh: '剧本“{playbook}”' },
  'the-inputs-of-playbook': {
    en: 'The inputs of the playbook "{playbook}"',
    zh: '剧本“{playbook}”的输入项',
  },
  'the-step': { en: 'The step "{step}"', zh: '步骤“{step}”' },
  'playbook-renamed': {
    en: 'is "{found}", expected "{expected}" as its folder is called',
    zh: '为“{found}”，应与其文件夹同名：“{expected}”',
  },
  'default-of-other-type': {
    en: 'must be {expected:valueType} as the type "{type}" says, found "{found}"',
    zh: '应为{expected:valueType}（类型“{type}”），实为“{found}”',
  },
  'kind-unknown': { en: 'is the unknown kind "{kind}"', zh: '为未知的步骤类型“{kind}”' },
  'kind-unknown-like': {
    en: 'is the unknown kind "{kind}"; did you mean "{meant}"?',
    zh: '为未知的步骤类型“{kind}”；是否指“{meant}”？',
  },
  'kind-unknown-among': {
    en: 'is the unknown kind "{kind}"; expected one of {known}',
    zh: '为未知的步骤类型“{kind}”；应为 {known} 之一',
  },
  'kind-without-host': {
    en: 'is given, but "{kind}" is not carried out on one host',
    zh: '已给出，但“{kind}”不在某一台主机上执行',
  },
  'host-named-otherwise': { en: 'names another host than the step', zh: '与步骤所指的主机不同' },
  'name-not-bound': {
    en: 'is "{name}", a {type} nothing binds; expected one of "{known}", or an input of type {type}',
    zh: '为“{name}”，没有绑定；应为“{known}”之一，或类型为“{type}”的输入项',
  },
  'file-not-in-folder': {
    en: 'is "{file}", which is not in the folder; expected one of "{known}"',
    zh: '为“{file}”，不在文件夹中；应为“{known}”之一',
  },
  'file-not-beside': {
    en: 'is "{file}", which is not in the folder; expected a file beside playbook.yaml',
    zh: '为“{file}”，不在文件夹中；应为 playbook.yaml 旁的文件',
  },
  'expression-fails': {
    en: 'holds the expression "{expression}", which fails: {reason}',
    zh: '含有表达式“{expression}”，其有误：{reason}',
  },
  'step-not-before': {
    en: 'looks at the step "{step}", which does not come before',
    zh: '引用了步骤“{step}”，该步骤不在其前',
  },
  'each-without-for-each': {
    en: 'speaks of "each", but the step has no "forEach"',
    zh: '使用了“each”，但该步骤没有“forEach”',
  },
  'input-not-declared': {
    en: 'uses the input "{input}", which the playbook does not declare',
    zh: '使用了剧本未声明的输入项“{input}”',
  },
  'secret-not-declared': {
    en: 'names the secret "{secret}", which the playbook does not declare under "secrets"',
    zh: '使用了剧本未在“secrets”中声明的凭据“{secret}”',
  },
  'host-expression': {
    en: 'is the expression "{expression}", which only a step that is repeated ("forEach") may have; name a host',
    zh: '为表达式“{expression}”，只有重复的步骤（“forEach”）才能使用；请指明主机',
  },
  'step-before-any': {
    en: 'looks at the step "{step}", but a step is repeated before any has run; look at the plan alone',
    zh: '引用了步骤“{step}”，但步骤的重复在任何步骤执行之前确定；只能引用计划',
  },
  'facts-before-any': {
    en: 'speaks of "facts", but a step is repeated before any has run; look at the plan alone',
    zh: '使用了“facts”，但步骤的重复在任何步骤执行之前确定；只能引用计划',
  },
  'each-in-for-each': {
    en: 'speaks of "each", which is what the expression is yet to give',
    zh: '使用了“each”，而它正是该表达式要给出的',
  },
  'repeated-id-too-long': {
    en: `is "{id}", which is no id; a step's id and the name it is repeated for come to 63 characters at most`,
    zh: '为“{id}”，不是有效的编号；步骤编号与其重复项的名称合计最多 63 个字符',
  },
  'repeated-id-twice': {
    en: 'is there a second time; give the step that is repeated another id',
    zh: '重复出现；请为重复的步骤改用其他编号',
  },
  'yaml-too-large': {
    en: 'has {found} bytes, expected at most {most}',
    zh: '有 {found} 字节，上限为 {most}',
  },
  'yaml-refused': {
    en: 'is not YAML as it is taken here[?: {reason}]',
    zh: '不是此处接受的 YAML[?：{reason}]',
  },
  'yaml-key-refused': {
    en: 'is a key that is refused everywhere: "{key}"',
    zh: '为任何位置都不接受的键：“{key}”',
  },
  'input-unknown': { en: 'is not an input of this playbook', zh: '不是该剧本的输入项' },
  'input-not-bound': {
    en: 'must be bound to {type:valueType} of the plan',
    zh: '应绑定到计划中的{type:valueType}',
  },
  'input-of-other-type': { en: 'must be {type:valueType}', zh: '应为{type:valueType}' },
  'dataset-ambiguous': {
    en: 'names "{reference}", expected which dataset of the plan: one of "{meant}"',
    zh: '为“{reference}”，应指明计划中的哪个数据集：“{meant}”之一',
  },
  'dataset-not-one-of': {
    en: 'is "{found}", expected one of "{known}"',
    zh: '为“{found}”，应为“{known}”之一',
  },
  'file-missing': { en: 'is missing', zh: '缺失' },
  'file-is-link': { en: 'is a symbolic link, expected a plain file', zh: '是符号链接，应为普通文件' },
  'file-not-plain': { en: 'is no plain file', zh: '不是普通文件' },
  'file-name-refused': {
    en: 'is no name for a file of a playbook: rename it',
    zh: '不能作为剧本文件的名称，请改名',
  },
  'folder-too-many-files': {
    en: 'holds more than {most} files, expected at most that',
    zh: '文件超过 {most} 个的上限',
  },
  'folder-too-large': {
    en: 'makes the folder larger than {most} bytes, expected at most that',
    zh: '使文件夹超过 {most} 字节的上限',
  },
  'file-not-text': { en: 'is no text in UTF-8', zh: '不是 UTF-8 文本' },
  'file-unreadable': { en: 'cannot be read: {cause}', zh: '无法读取：{cause}' },
  'playbook-file-gone': {
    en: 'is missing, expected with SHA-256 "{expected}"',
    zh: '缺失，应有其 SHA-256“{expected}”',
  },
  'playbook-file-added': { en: 'is there, expected no such file', zh: '是多出的文件' },
  'playbook-file-changed': {
    en: 'has the SHA-256 "{found}", expected "{expected}"',
    zh: '的 SHA-256 为“{found}”，应为“{expected}”',
  },
  'expression-over-budget': {
    en: 'it takes more than {budgetMs} ms: it repeats something for each item of lists within lists',
    zh: '计算超过 {budgetMs} 毫秒：它对层层嵌套的列表逐项重复计算',
  },
  'expression-unclosed': { en: 'there is no closing "}"', zh: '缺少结束的“}”' },
  'expression-matches': {
    en: '"matches" is left out because a regular expression may run forever; use contains, startsWith or endsWith',
    zh: '不支持“matches”，因为正则表达式可能无限运行；请用 contains、startsWith 或 endsWith',
  },
  'expression-not-condition': {
    en: 'it is {found}, neither true nor false',
    zh: '结果为“{found}”，既不是 true 也不是 false',
  },
  'expression-not-list': { en: 'it is {found}, expected a list', zh: '结果为“{found}”，应为列表' },
  'expression-item-unnamed': {
    en: 'item {index} of it is {found}, expected one with a "name"',
    zh: '其第 {index} 项为“{found}”，应为带“name”的项',
  },
  'expression-not-text': {
    en: 'it is {found}, which cannot stand inside a text; expected a text, a number or a truth value',
    zh: '结果为“{found}”，不能嵌入文本；应为文本、数字或真假值',
  },
})
