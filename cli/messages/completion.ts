export const completionMessages = {
  bash: {
    en: 'For bash: eval "$(qianyun completion bash)"',
    zh: '用于 bash：eval "$(qianyun completion bash)"',
  },
  zsh: { en: 'For zsh: eval "$(qianyun completion zsh)"', zh: '用于 zsh：eval "$(qianyun completion zsh)"' },
  fish: {
    en: 'For fish: qianyun completion fish | source',
    zh: '用于 fish：qianyun completion fish | source',
  },
} as const
