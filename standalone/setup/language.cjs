'use strict'

/** The language asked for by `--lang`, else by the environment, of which QIANYUN_LANG comes first. Read by the first file, hence understood by any Node. */
module.exports = function chooseLanguage(args, env) {
  for (var i = 0; i < args.length; i += 1) {
    if (args[i] === '--lang' && (args[i + 1] === 'zh' || args[i + 1] === 'en')) return args[i + 1]
    if (args[i] === '--lang=zh' || args[i] === '--lang=en') return args[i].slice('--lang='.length)
  }
  var locale = env.QIANYUN_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^zh/i.test(locale) ? 'zh' : 'en'
}
