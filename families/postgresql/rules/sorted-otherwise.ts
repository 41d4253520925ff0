import type { Rule } from '../census/rule.ts'

/** A rule of differences in the words for one of the library that sorts text. Waivers of the rule cover it as before. */
export function inWordsOfLibrary(rule: Rule): Rule {
  return {
    ...rule,
    sentence: {
      zh: '两侧以不同版本的库对“{object}”的文本排序：{from}为“{fromText}”，{to}为“{toText}”。',
      en: 'Text is sorted by another version of the library on each side ("{object}"): {from} has "{fromText}", {to} has "{toText}".',
    },
    remedy: {
      zh: '各侧的索引按各自的版本建立，迁移本身无需重建索引；请在测试平台核对其余依赖文本顺序之处（查询结果、范围、分区边界、检查约束）{how}',
      en: 'Each side builds its indexes by its own version, so the move needs none built anew: compare on staging what else depends on the order of text (results, ranges, partition bounds, checks){how}',
    },
  }
}
