'use strict'

/*
 * The first file that runs: any Node must understand it, so that an old one is told in a sentence what is needed.
 * No syntax and no module that is younger than ES5 and CommonJS; whatever needs more comes after the check.
 */
var chooseLanguage = require('./language.cjs')

/** Says why this Node will not do; undefined when it does: 20 from 20.19, 22 from 22.13, 24 and later. */
function refuses(version, language) {
  var parts = version.split('.')
  var major = Number(parts[0])
  var minor = Number(parts[1])
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24) return undefined
  if (language === 'zh')
    return (
      '当前是 Node ' +
      version +
      '；Qianyun 需要 Node 20（20.19 及以上）、22（22.13 及以上）或 24 及以上。' +
      '请安装其中之一（https://nodejs.org/zh-cn/download，或发行版软件源），然后重新执行本命令。'
    )
  return (
    'This is Node ' +
    version +
    '; Qianyun needs Node 20.19 or later of 20, 22.13 or later of 22, or 24 and later. ' +
    'Install one of them (https://nodejs.org/en/download, or your distribution) and run the command again.'
  )
}

var refusal = refuses(process.versions.node, chooseLanguage(process.argv.slice(2), process.env))
if (refusal === undefined) {
  require('./load-main.cjs')
} else {
  console.error(refusal)
  process.exitCode = 1
}
