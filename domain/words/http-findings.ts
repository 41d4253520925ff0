import { words } from './message.ts'

/** What an answer over HTTP was found to be, inside the sentence of a check or a probe. */
export const httpFindings = words({
  'http-status': {
    en: 'the status is {status}, expected is {expected}',
    zh: '状态码为 {status}，应为 {expected}',
  },
  'http-status-2xx': {
    en: 'the status is {status}, expected is any from 200 to 299',
    zh: '状态码为 {status}，应为 200 至 299',
  },
  'http-body-lacks': {
    en: 'the body does not contain "{text}"[?; {body}]',
    zh: '内容中没有“{text}”[?；{body}]',
  },
  'http-expectation-unmet': {
    en: '"{expression}" is {found}; {body}',
    zh: '“{expression}”的结果为 {found}；{body}',
  },
  'http-expectation-fails': {
    en: '"{expression}" cannot be told: {reason}; {body}',
    zh: '“{expression}”无法判断：{reason}；{body}',
  },
  'http-body': {
    en: 'the body is {bytes} bytes of "{type}"[? with the keys {keys}]',
    zh: '内容为 {bytes} 字节，类型“{type}”[?，含键 {keys}]',
  },
  'http-at-address': {
    en: 'at {address}, one of the addresses of the name, {finding}',
    zh: '在该名称的地址之一 {address} 处，{finding}',
  },
  'no-answer-in-time': {
    en: 'there was no answer within {timeoutMs} ms',
    zh: '{timeoutMs} 毫秒内没有应答',
  },
  'no-answer': { en: 'there was no answer ({reason})', zh: '没有应答（{reason}）' },
})
